ALTER TABLE users ADD COLUMN sso_only boolean NOT NULL DEFAULT false;

CREATE TABLE identity_providers (
  id text PRIMARY KEY,
  name text NOT NULL,
  protocol text NOT NULL CHECK (protocol IN ('oidc', 'saml')),
  issuer text NOT NULL,
  settings jsonb NOT NULL,
  secret bytea,
  groups jsonb NOT NULL,
  newcomers boolean NOT NULL DEFAULT false,
  trusted_by text NOT NULL,
  trusted_at timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE sessions ADD COLUMN provider text REFERENCES identity_providers (id) ON DELETE CASCADE;

CREATE TABLE linked_identities (
  provider text NOT NULL REFERENCES identity_providers (id) ON DELETE CASCADE,
  subject text NOT NULL,
  username text NOT NULL REFERENCES users (username) ON DELETE CASCADE,
  linked_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (provider, subject)
);

CREATE INDEX linked_identities_username_ix ON linked_identities (username);

CREATE TABLE login_journeys (
  state_hash bytea PRIMARY KEY,
  provider text NOT NULL REFERENCES identity_providers (id) ON DELETE CASCADE,
  binding_hash bytea NOT NULL,
  sealed bytea NOT NULL,
  return_to text NOT NULL,
  begun_at timestamptz NOT NULL
);

CREATE TABLE spent_assertions (
  provider text NOT NULL REFERENCES identity_providers (id) ON DELETE CASCADE,
  id text NOT NULL,
  until timestamptz NOT NULL,
  PRIMARY KEY (provider, id)
);

CREATE TABLE passkeys (
  id bytea PRIMARY KEY,
  username text NOT NULL REFERENCES users (username) ON DELETE CASCADE,
  label text NOT NULL DEFAULT '',
  public_key bytea NOT NULL,
  sign_count bigint NOT NULL DEFAULT 0,
  added_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz
);

CREATE INDEX passkeys_username_ix ON passkeys (username);

CREATE TABLE passkey_challenges (
  digest bytea PRIMARY KEY,
  purpose text NOT NULL,
  username text NOT NULL DEFAULT '',
  until timestamptz NOT NULL
);
