"""Operations: what a clerk may do; one act is one function and one transaction: authorise, do, audit."""
