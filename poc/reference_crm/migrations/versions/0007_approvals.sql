CREATE TABLE approval_flows (
  number text PRIMARY KEY,
  name text NOT NULL,
  kind text NOT NULL,
  rule jsonb NOT NULL,
  version int NOT NULL DEFAULT 1,
  retired_at timestamptz,
  username text NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE INDEX approval_flows_kind_ix ON approval_flows (kind) WHERE retired_at IS NULL;

CREATE TABLE approval_loans (
  number text PRIMARY KEY,
  owner text NOT NULL REFERENCES users (username),
  taker text NOT NULL REFERENCES users (username),
  since timestamptz NOT NULL,
  until timestamptz NOT NULL
);

CREATE INDEX approval_loans_taker_ix ON approval_loans (taker, until);

CREATE TABLE approvals (
  number text PRIMARY KEY,
  flow text NOT NULL REFERENCES approval_flows (number),
  kind text NOT NULL,
  record text NOT NULL,
  branch text NOT NULL,
  maker text NOT NULL,
  changes jsonb NOT NULL,
  revision int NOT NULL,
  standing jsonb NOT NULL,
  events jsonb NOT NULL,
  state text NOT NULL,
  due_at timestamptz,
  escalated_at timestamptz,
  created_at timestamptz NOT NULL
);

CREATE INDEX approvals_open_ix ON approvals (created_at DESC) WHERE state IN ('pending', 'returned');

CREATE INDEX approvals_due_at_ix ON approvals (due_at) WHERE state = 'pending' AND escalated_at IS NULL;
