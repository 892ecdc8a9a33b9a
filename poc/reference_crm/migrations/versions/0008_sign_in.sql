ALTER TABLE users ADD COLUMN idle_seconds integer;

ALTER TABLE sessions ADD COLUMN factor_at timestamptz;

CREATE TABLE factors (
  username text PRIMARY KEY REFERENCES users (username) ON DELETE CASCADE,
  sealed bytea NOT NULL,
  last_step bigint NOT NULL DEFAULT 0,
  confirmed_at timestamptz
);

CREATE TABLE api_keys (
  id text PRIMARY KEY,
  digest bytea NOT NULL UNIQUE,
  username text NOT NULL REFERENCES users (username) ON DELETE CASCADE,
  label text NOT NULL DEFAULT '',
  scopes text[] NOT NULL,
  issued_by text NOT NULL,
  issued_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  last_seen_at timestamptz,
  ended_at timestamptz
);

CREATE INDEX api_keys_username_ix ON api_keys (username);
