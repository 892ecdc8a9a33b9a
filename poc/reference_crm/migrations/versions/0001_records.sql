CREATE TABLE accounts (
  number TEXT NOT NULL,
  customer TEXT NOT NULL,
  product TEXT NOT NULL,
  currency TEXT NOT NULL,
  balance NUMERIC(18, 2) NOT NULL,
  opened DATE NOT NULL,
  closed DATE,
  joint_holders TEXT[],
  branch TEXT NOT NULL,
  revision INTEGER DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT accounts_pk PRIMARY KEY (number)
);
CREATE INDEX accounts_branch_number_ix ON accounts (branch, number);
CREATE INDEX accounts_customer_ix ON accounts (customer);
CREATE TABLE audit (
  id BIGINT GENERATED ALWAYS AS IDENTITY,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  who TEXT NOT NULL,
  role TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  origin TEXT NOT NULL,
  before JSONB,
  after JSONB,
  result TEXT NOT NULL,
  trace TEXT NOT NULL,
  CONSTRAINT audit_pk PRIMARY KEY (id)
);
CREATE INDEX audit_at_ix ON audit (at);
CREATE INDEX audit_subject_id_ix ON audit (subject, id);
CREATE INDEX audit_who_id_ix ON audit (who, id);
CREATE TABLE campaign_members (
  number TEXT NOT NULL,
  campaign TEXT NOT NULL,
  customer TEXT NOT NULL,
  arm TEXT NOT NULL,
  responded BOOLEAN,
  branch TEXT NOT NULL,
  revision INTEGER DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT campaign_members_pk PRIMARY KEY (number)
);
CREATE INDEX campaign_members_branch_number_ix ON campaign_members (branch, number);
CREATE INDEX campaign_members_campaign_ix ON campaign_members (campaign);
CREATE INDEX campaign_members_customer_ix ON campaign_members (customer);
CREATE TABLE campaigns (
  number TEXT NOT NULL,
  name TEXT NOT NULL,
  channel TEXT NOT NULL,
  product TEXT NOT NULL,
  starts DATE NOT NULL,
  ends DATE NOT NULL,
  revision INTEGER DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT campaigns_pk PRIMARY KEY (number)
);
CREATE TABLE companies (
  number TEXT NOT NULL,
  name TEXT NOT NULL,
  registration_id TEXT NOT NULL,
  industry TEXT NOT NULL,
  size TEXT NOT NULL,
  annual_turnover NUMERIC(18, 2) NOT NULL,
  currency TEXT NOT NULL,
  address TEXT NOT NULL,
  phone TEXT NOT NULL,
  branch TEXT NOT NULL,
  manager TEXT NOT NULL,
  since DATE NOT NULL,
  revision INTEGER DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT companies_pk PRIMARY KEY (number)
);
CREATE INDEX companies_branch_number_ix ON companies (branch, number);
CREATE TABLE consents (
  number TEXT NOT NULL,
  customer TEXT NOT NULL,
  purpose TEXT NOT NULL,
  channel TEXT NOT NULL,
  version TEXT NOT NULL,
  granted BOOLEAN NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  source TEXT NOT NULL,
  branch TEXT NOT NULL,
  revision INTEGER DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT consents_pk PRIMARY KEY (number)
);
CREATE INDEX consents_branch_number_ix ON consents (branch, number);
CREATE INDEX consents_customer_ix ON consents (customer);
CREATE INDEX consents_source_ix ON consents (source);
CREATE TABLE customers (
  number TEXT NOT NULL,
  name TEXT NOT NULL,
  latin_name TEXT NOT NULL,
  language TEXT NOT NULL,
  gender TEXT NOT NULL,
  currency TEXT NOT NULL,
  occupation TEXT NOT NULL,
  employer TEXT NOT NULL,
  tier TEXT NOT NULL,
  risk_level TEXT NOT NULL,
  state TEXT NOT NULL,
  branch TEXT NOT NULL,
  manager TEXT NOT NULL,
  since DATE NOT NULL,
  closed_on DATE,
  legal_hold BOOLEAN,
  guardian TEXT,
  sealed BYTEA NOT NULL,
  restricted BOOLEAN DEFAULT false NOT NULL,
  grams TEXT[] GENERATED ALWAYS AS (name_grams(name)) STORED,
  national_id_index BYTEA NOT NULL,
  mobile_index BYTEA NOT NULL,
  email_index BYTEA NOT NULL,
  card_number_index BYTEA NOT NULL,
  revision INTEGER DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT customers_pk PRIMARY KEY (number)
);
CREATE INDEX customers_branch_number_ix ON customers (branch, number);
CREATE INDEX customers_card_number_index_ix ON customers (card_number_index);
CREATE INDEX customers_email_index_ix ON customers (email_index);
CREATE INDEX customers_mobile_index_ix ON customers (mobile_index);
CREATE UNIQUE INDEX customers_national_id_index_ix ON customers (national_id_index);
CREATE TABLE data_keys (
  id INTEGER GENERATED ALWAYS AS IDENTITY,
  purpose TEXT NOT NULL,
  wrapped BYTEA NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT data_keys_pk PRIMARY KEY (id)
);
CREATE TABLE history (
  id BIGINT GENERATED ALWAYS AS IDENTITY,
  kind TEXT NOT NULL,
  number TEXT NOT NULL,
  branch TEXT DEFAULT '' NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  who TEXT NOT NULL,
  field TEXT NOT NULL,
  before BYTEA NOT NULL,
  after BYTEA NOT NULL,
  source TEXT NOT NULL,
  trace TEXT NOT NULL,
  CONSTRAINT history_pk PRIMARY KEY (id)
);
CREATE INDEX history_kind_number_id_ix ON history (kind, number, id);
CREATE TABLE holdings (
  number TEXT NOT NULL,
  account TEXT NOT NULL,
  product TEXT NOT NULL,
  risk_class TEXT NOT NULL,
  units NUMERIC(18, 4) NOT NULL,
  value NUMERIC(18, 2) NOT NULL,
  currency TEXT NOT NULL,
  as_of DATE NOT NULL,
  branch TEXT NOT NULL,
  revision INTEGER DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT holdings_pk PRIMARY KEY (number)
);
CREATE INDEX holdings_account_ix ON holdings (account);
CREATE INDEX holdings_branch_number_ix ON holdings (branch, number);
CREATE TABLE households (
  number TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  branch TEXT NOT NULL,
  revision INTEGER DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT households_pk PRIMARY KEY (number)
);
CREATE INDEX households_branch_number_ix ON households (branch, number);
CREATE TABLE interactions (
  number TEXT NOT NULL,
  customer TEXT NOT NULL,
  channel TEXT NOT NULL,
  direction TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  staff TEXT NOT NULL,
  branch TEXT NOT NULL,
  revision INTEGER DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT interactions_pk PRIMARY KEY (number)
);
CREATE INDEX interactions_branch_number_ix ON interactions (branch, number);
CREATE INDEX interactions_customer_ix ON interactions (customer);
CREATE TABLE keyed_replies (
  username TEXT NOT NULL,
  key TEXT NOT NULL,
  digest BYTEA NOT NULL,
  status SMALLINT DEFAULT 0 NOT NULL,
  body BYTEA,
  etag TEXT,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT keyed_replies_pk PRIMARY KEY (username, key)
);
CREATE TABLE kyc_files (
  number TEXT NOT NULL,
  customer TEXT NOT NULL,
  level TEXT NOT NULL,
  status TEXT NOT NULL,
  document TEXT NOT NULL,
  document_expires DATE NOT NULL,
  verified_on DATE NOT NULL,
  due_on DATE NOT NULL,
  branch TEXT NOT NULL,
  revision INTEGER DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT kyc_files_pk PRIMARY KEY (number)
);
CREATE INDEX kyc_files_branch_number_ix ON kyc_files (branch, number);
CREATE INDEX kyc_files_customer_ix ON kyc_files (customer);
CREATE TABLE memberships (
  number TEXT NOT NULL,
  household TEXT NOT NULL,
  customer TEXT NOT NULL,
  role TEXT NOT NULL,
  since DATE NOT NULL,
  until DATE,
  branch TEXT NOT NULL,
  revision INTEGER DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT memberships_pk PRIMARY KEY (number)
);
CREATE INDEX memberships_branch_number_ix ON memberships (branch, number);
CREATE INDEX memberships_customer_ix ON memberships (customer);
CREATE INDEX memberships_household_ix ON memberships (household);
CREATE TABLE opportunities (
  number TEXT NOT NULL,
  customer TEXT NOT NULL,
  product TEXT NOT NULL,
  stage TEXT NOT NULL,
  amount NUMERIC(18, 2) NOT NULL,
  currency TEXT NOT NULL,
  owner TEXT NOT NULL,
  opened DATE NOT NULL,
  closes DATE NOT NULL,
  branch TEXT NOT NULL,
  revision INTEGER DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT opportunities_pk PRIMARY KEY (number)
);
CREATE INDEX opportunities_branch_number_ix ON opportunities (branch, number);
CREATE INDEX opportunities_customer_ix ON opportunities (customer);
CREATE TABLE relations (
  number TEXT NOT NULL,
  source TEXT NOT NULL,
  target TEXT NOT NULL,
  role TEXT NOT NULL,
  since DATE NOT NULL,
  until DATE,
  share NUMERIC(9, 6),
  branch TEXT NOT NULL,
  revision INTEGER DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT relations_pk PRIMARY KEY (number)
);
CREATE INDEX relations_branch_number_ix ON relations (branch, number);
CREATE INDEX relations_source_ix ON relations (source);
CREATE INDEX relations_target_ix ON relations (target);
CREATE TABLE state (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  CONSTRAINT state_pk PRIMARY KEY (name)
);
CREATE TABLE tickets (
  number TEXT NOT NULL,
  customer TEXT NOT NULL,
  category TEXT NOT NULL,
  severity TEXT NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
  status TEXT NOT NULL,
  complaint BOOLEAN,
  branch TEXT NOT NULL,
  due_at TIMESTAMP WITH TIME ZONE,
  breached BOOLEAN DEFAULT false NOT NULL,
  escalated_at TIMESTAMP WITH TIME ZONE,
  paused_seconds INTEGER DEFAULT 0 NOT NULL,
  root_cause TEXT,
  revision INTEGER DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT tickets_pk PRIMARY KEY (number)
);
CREATE INDEX tickets_branch_number_ix ON tickets (branch, number);
CREATE INDEX tickets_customer_ix ON tickets (customer);
CREATE TABLE unmaskings (
  id BIGINT GENERATED ALWAYS AS IDENTITY,
  username TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT unmaskings_pk PRIMARY KEY (id)
);
CREATE INDEX unmaskings_username_at_ix ON unmaskings (username, at);
CREATE TABLE users (
  username TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  branch TEXT DEFAULT '' NOT NULL,
  password TEXT NOT NULL,
  former_passwords TEXT[] DEFAULT '{}' NOT NULL,
  disabled BOOLEAN DEFAULT false NOT NULL,
  failures INTEGER DEFAULT 0 NOT NULL,
  locked_until TIMESTAMP WITH TIME ZONE,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT users_pk PRIMARY KEY (username)
);
CREATE TABLE sessions (
  access_hash BYTEA NOT NULL,
  refresh_hash BYTEA NOT NULL,
  family TEXT NOT NULL,
  username TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  started_at TIMESTAMP WITH TIME ZONE NOT NULL,
  last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
  refreshed BOOLEAN DEFAULT false NOT NULL,
  ended_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT sessions_pk PRIMARY KEY (access_hash),
  CONSTRAINT sessions_refresh_hash_uq UNIQUE (refresh_hash),
  CONSTRAINT sessions_username_fk FOREIGN KEY(username) REFERENCES users (username) ON DELETE CASCADE
);
CREATE INDEX sessions_family_ix ON sessions (family);
CREATE INDEX sessions_username_ix ON sessions (username);
