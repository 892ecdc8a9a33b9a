"""mutants: the reference CRM with one planted defect each; they are in the lab only, to prove that checks bite."""
