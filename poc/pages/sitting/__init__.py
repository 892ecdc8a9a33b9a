"""Sitting: what a committee does on its page, a tab each: members, questions, weights, evidence, rounds, motions."""
