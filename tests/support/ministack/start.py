"""Starts MiniStack, closes three gaps of it, and ends with whoever started it."""

import os
import re
import shutil
import signal
import sys
import threading
from urllib.parse import unquote

from ministack import app
from ministack.core import iam_actions
from ministack.services import lambda_svc


def end_with_our_parent():
    """Our standard input closes when our parent is gone, whatever ended it. Our group holds MiniStack's Lambdas too."""
    sys.stdin.buffer.read()
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
    os.killpg(os.getpgid(0), signal.SIGKILL)


pin_request_origin = app.pin_request_origin


def pin_as_over_tls(client_ip, _):
    """Policies of ours deny whatever doesn't come over TLS. Here all comes over this machine's own loopback."""
    pin_request_origin(client_ip, True)


execute = lambda_svc._execute_function


def execute_and_heed_failures(func, event):
    """
    MiniStack takes a batch of a DynamoDB stream as done whenever the function returns, also where it names records
    that failed (ReportBatchItemFailures), which are then lost. AWS comes again from the first of those. Told that
    the function failed, MiniStack comes again with the whole batch: more repetitions than on AWS, and no loss.
    """
    result = execute(func, event)
    records = event.get("Records") if isinstance(event, dict) else None
    is_stream = bool(records) and records[0].get("eventSource") == "aws:dynamodb"
    body = result.get("body")
    failures = body.get("batchItemFailures") if isinstance(body, dict) else None
    if is_stream and failures:
        return {**result, "error": True, "body": {"errorType": "BatchItemFailures", "errorMessage": str(failures)}}
    return result


extract_iam_action = iam_actions.extract_iam_action
extract_resource_arn = iam_actions.extract_resource_arn


def converse_needs(service, method, path, *others):
    """Whoever asks Converse needs bedrock:InvokeModel. MiniStack asks policies for an action that doesn't exist."""
    if asked_profile(service, path):
        return "bedrock:InvokeModel"
    return extract_iam_action(service, method, path, *others)


def converse_is_about(service, method, path, headers, body, query_params, region, account_id):
    """The inference profile, where MiniStack knows no resource. AWS asks for the right to its models, too."""
    profile = asked_profile(service, path)
    if profile:
        return f"arn:aws:bedrock:{region}:{account_id}:inference-profile/{profile}"
    return extract_resource_arn(service, method, path, headers, body, query_params, region, account_id)


def asked_profile(service, path):
    asked = re.fullmatch(r"/model/([^/]+)/converse", unquote(path))
    return asked[1] if asked and service == "bedrock-runtime" else None


app.pin_request_origin = pin_as_over_tls
iam_actions.extract_iam_action = converse_needs
iam_actions.extract_resource_arn = converse_is_about
lambda_svc._execute_function = execute_and_heed_failures
threading.Thread(target=end_with_our_parent, daemon=True).start()
app.main()
