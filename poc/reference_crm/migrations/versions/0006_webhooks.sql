CREATE TABLE webhooks (
  id text PRIMARY KEY,
  url text NOT NULL,
  events text[] NOT NULL,
  secret bytea NOT NULL,
  username text NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE TABLE deliveries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  webhook text NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
  event text NOT NULL,
  subject text NOT NULL,
  at timestamptz NOT NULL,
  due_at timestamptz NOT NULL DEFAULT now(),
  attempts int NOT NULL DEFAULT 0,
  state text NOT NULL DEFAULT 'waiting',
  note text NOT NULL DEFAULT ''
);

CREATE INDEX deliveries_due_at_ix ON deliveries (due_at) WHERE state = 'waiting';

CREATE INDEX deliveries_webhook_ix ON deliveries (webhook, id);

CREATE TABLE payload_keys (
  username text PRIMARY KEY,
  jwk jsonb NOT NULL,
  at timestamptz NOT NULL
);
