CREATE TABLE policy_rules (
  number text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('condition', 'rights')),
  rule jsonb NOT NULL,
  username text NOT NULL,
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);

CREATE INDEX policy_rules_standing_ix ON policy_rules (created_at, number) WHERE ended_at IS NULL;
