"""Starts MiniStack, closes two gaps of it, and ends with whoever started it."""

import os
import shutil
import signal
import sys
import threading

from ministack import app
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


app.pin_request_origin = pin_as_over_tls
lambda_svc._execute_function = execute_and_heed_failures
threading.Thread(target=end_with_our_parent, daemon=True).start()
app.main()
