"""mutants: the reference CRM with one planted defect each; they exist in the lab only, to prove that the checks bite."""
