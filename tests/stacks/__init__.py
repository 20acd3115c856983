"""Tests of the CDK app.

CDK reads these when its kernel starts, which is when aws_cdk is first imported: its own template
validation takes seconds a stack, so only the test that is about it turns it on.
"""

import os

os.environ["CDK_VALIDATION"] = "false"
os.environ["JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION"] = "20"
