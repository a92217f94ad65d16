import json
import sys

for line in sys.stdin:
    question = json.loads(line)
    if "住所" in question["text"]:
        print("a mail address was expected", file=sys.stderr)
        sys.exit(3)
    if "電話" in question["text"]:
        print("I am not sure", flush=True)
        continue
    print(json.dumps({"id": question["id"], "labels": {"genre": "notice"}}), flush=True)
