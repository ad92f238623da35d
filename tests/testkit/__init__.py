"""Makes `tests/vectors/testkit`: objects with one fault each, for any reader of the format.

`python -m tests.testkit` writes the files again, byte for byte the same. Nothing here uses
`cse_desktop`: a fault of ours must not find its way into the objects that judge us.
"""
