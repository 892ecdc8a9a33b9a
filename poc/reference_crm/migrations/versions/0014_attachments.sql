CREATE TABLE attachments (
  number text PRIMARY KEY,
  customer text NOT NULL REFERENCES customers (number) ON DELETE CASCADE,
  ticket text REFERENCES tickets (number) ON DELETE CASCADE,
  data_class text NOT NULL CHECK (data_class IN ('C2', 'C3')),
  media_type text NOT NULL,
  size integer NOT NULL CHECK (size > 0),
  name bytea NOT NULL,
  body bytea NOT NULL,
  added_by text NOT NULL,
  added_at timestamptz NOT NULL
);

CREATE INDEX attachments_customer_ix ON attachments (customer, added_at);

CREATE INDEX attachments_ticket_ix ON attachments (ticket) WHERE ticket IS NOT NULL;
