"""Office: the decision record as files of office programs, made from the same record as all others."""
