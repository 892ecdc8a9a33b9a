CREATE TABLE tenants (
  name text PRIMARY KEY,
  store text NOT NULL UNIQUE,
  sealed bytea NOT NULL,
  opened_at timestamptz NOT NULL,
  opened_by text NOT NULL
);

ALTER TABLE opportunities ADD COLUMN walled boolean NOT NULL DEFAULT false;

CREATE TABLE walls (
  kind text NOT NULL,
  number text NOT NULL,
  username text NOT NULL,
  set_at timestamptz NOT NULL,
  set_by text NOT NULL,
  PRIMARY KEY (kind, number, username)
);

CREATE INDEX walls_username_ix ON walls (username);

ALTER TABLE users ADD COLUMN leaves_on date;

CREATE TABLE alerts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rule text NOT NULL,
  says text NOT NULL,
  who text NOT NULL,
  at timestamptz NOT NULL,
  told_at timestamptz NOT NULL,
  count bigint NOT NULL,
  stopped boolean NOT NULL,
  UNIQUE (rule, who, at)
);
