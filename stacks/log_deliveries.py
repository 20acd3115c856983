"""Who may invoke a function with lines of logs: CloudWatch Logs of this account and region."""

from aws_cdk import Aws
from aws_cdk import aws_lambda as lambda_
from constructs import Construct


def let_logs_deliver(scope: Construct, function: lambda_.IFunction) -> None:
    """Let subscriptions of every log group invoke a function.

    One permission for all of them: one for each would end at about sixty, where the function's
    policy is full.
    """
    lambda_.CfnPermission(
        scope,
        "Logs",
        action="lambda:InvokeFunction",
        function_name=function.function_arn,
        principal=f"logs.{Aws.REGION}.{Aws.URL_SUFFIX}",
        source_account=Aws.ACCOUNT_ID,
        source_arn=f"arn:{Aws.PARTITION}:logs:{Aws.REGION}:{Aws.ACCOUNT_ID}:log-group:*:*",
    )
