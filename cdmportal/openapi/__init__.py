"""OpenAPI description of every address that answers programmes, and the check of what they ask by the same description.

`addresses.py` names the addresses, `parameters.py` what they take, `schemas.py` what they answer.
"""
