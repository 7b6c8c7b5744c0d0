"""What people learnt elsewhere or before, and what of it counts here.

HR notes completions and credits for one person, for many at once or from a list of old ones, and
corrects or withdraws what was wrong; learners send in training of their own. All of it is events of
the ledger, which the person it is about is shown.
"""
