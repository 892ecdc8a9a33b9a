ALTER TABLE tickets ADD COLUMN wakes_at timestamptz;

CREATE INDEX tickets_wakes_at_ix ON tickets (wakes_at NULLS FIRST) WHERE status IN ('open', 'paused');

CREATE TABLE ticket_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ticket text NOT NULL REFERENCES tickets (number) ON DELETE CASCADE,
  at timestamptz NOT NULL,
  act text NOT NULL,
  detail text NOT NULL DEFAULT '',
  who text NOT NULL
);

CREATE INDEX ticket_events_ticket_ix ON ticket_events (ticket, id);

CREATE TABLE merges (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  keep text NOT NULL,
  dropped text NOT NULL,
  branch text NOT NULL,
  at timestamptz NOT NULL,
  who text NOT NULL,
  body bytea NOT NULL,
  undone_at timestamptz
);

CREATE INDEX merges_keep_ix ON merges (keep, dropped);

CREATE TABLE automations (
  id text PRIMARY KEY,
  name text NOT NULL,
  trigger text NOT NULL,
  action text NOT NULL,
  wait_seconds bigint NOT NULL,
  skip text[] NOT NULL,
  stop_on text,
  repeat int NOT NULL,
  username text NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE INDEX automations_trigger_ix ON automations (trigger);

CREATE INDEX automations_stop_on_ix ON automations (stop_on);

CREATE TABLE timers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  automation text NOT NULL REFERENCES automations (id) ON DELETE CASCADE,
  customer text NOT NULL,
  due_at timestamptz NOT NULL,
  remaining int NOT NULL,
  state text NOT NULL DEFAULT 'pending'
);

CREATE UNIQUE INDEX timers_pending_uq ON timers (automation, customer) WHERE state = 'pending';

CREATE INDEX timers_due_at_ix ON timers (due_at) WHERE state = 'pending';

CREATE INDEX timers_customer_ix ON timers (customer);

CREATE TABLE fired (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  automation text NOT NULL REFERENCES automations (id) ON DELETE CASCADE,
  customer text NOT NULL,
  action text NOT NULL,
  at timestamptz NOT NULL,
  sent boolean NOT NULL
);

CREATE INDEX fired_automation_ix ON fired (automation, id);

CREATE INDEX fired_customer_ix ON fired (customer);

CREATE TABLE bulk_jobs (
  job text PRIMARY KEY,
  kind text NOT NULL,
  username text NOT NULL,
  state text NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE TABLE bulk_rows (
  job text NOT NULL REFERENCES bulk_jobs (job) ON DELETE CASCADE,
  place int NOT NULL,
  digest bytea NOT NULL,
  number text NOT NULL,
  PRIMARY KEY (job, place, digest)
);

CREATE TABLE bulk_rejects (
  job text NOT NULL REFERENCES bulk_jobs (job) ON DELETE CASCADE,
  place int NOT NULL,
  digest bytea NOT NULL,
  field text NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (job, place, digest, field)
);

CREATE TABLE joint_holdings (
  customer text NOT NULL,
  account text NOT NULL REFERENCES accounts (number) ON DELETE CASCADE,
  PRIMARY KEY (customer, account)
);

CREATE INDEX joint_holdings_account_ix ON joint_holdings (account);
