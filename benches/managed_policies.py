"""Writes the AWS managed policies that the PyPI package moto carries, one JSON file each: managed_policies.py FOLDER"""

import json
import pathlib
import runpy
import sys
from importlib.util import find_spec

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
# The module is run by itself: importing the package would ask for all that moto depends on.
spec = find_spec("moto")
module = pathlib.Path(spec.origin).parent / "iam" / "aws_managed_policies.py"
policies = json.loads(runpy.run_path(str(module))["aws_managed_policies_data"])
for name, policy in policies.items():
    text = json.dumps(policy["Document"], indent=4)
    (folder / f"{name}.json").write_text(text + "\n")
print(f"{len(policies)} policies in {folder}")
