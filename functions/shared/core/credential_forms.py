"""Credentials that can be told by their own form, as their issuers document it.

Sources, read in November 2026: IAM user guide, "Unique identifiers"; the pages on tokens of GitHub,
GitLab, Slack, Stripe, Google Cloud, npm, PyPI, SendGrid, Mailgun, Shopify, DigitalOcean, Databricks,
HashiCorp Vault and Terraform, OpenAI, Anthropic, Hugging Face, Telegram, Square, Linear, Postman,
New Relic, Grafana, Sentry, Atlassian, Doppler and age; RFC 7519.
"""

from typing import Final

START: Final = r"(?<![A-Za-z0-9_.+-])"
"""What may not stand before them: they would be a part of something else."""

FORMS: Final = (
    ("aws access key", r"A(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16}(?![A-Za-z0-9])"),
    ("github token", r"gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{36,255}"),
    ("gitlab token", r"gl(?:pat|rt|dt|cbt|ptt|soat|ft|imt|agent)-[A-Za-z0-9_.-]{20,255}"),
    ("slack token", r"xox[abeoprs]-[A-Za-z0-9-]{10,255}|xapp-[0-9]-[A-Za-z0-9-]{10,255}"),
    ("stripe key", r"[rs]k_(?:live|test)_[A-Za-z0-9]{16,255}|whsec_[A-Za-z0-9+/=]{24,255}"),
    ("google key", r"AIza[A-Za-z0-9_-]{35}|GOCSPX-[A-Za-z0-9_-]{20,40}|ya29\.[A-Za-z0-9_-]{20,2000}"),
    ("npm token", r"npm_[A-Za-z0-9]{36}"),
    ("pypi token", r"pypi-[A-Za-z0-9_-]{50,1000}"),
    ("sendgrid key", r"SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,128}"),
    ("mailgun key", r"key-[0-9a-f]{32}"),
    ("mailchimp key", r"[0-9a-f]{32}-us[0-9]{1,2}(?![0-9A-Za-z])"),
    ("twilio key", r"SK[0-9a-f]{32}(?![0-9A-Za-z])"),
    ("shopify token", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    ("digitalocean token", r"do[opr]_v1_[0-9a-f]{64}"),
    ("databricks token", r"dapi[0-9a-f]{32}"),
    ("vault token", r"hv[sbr]\.[A-Za-z0-9_-]{20,255}"),
    ("terraform token", r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{40,100}"),
    ("ai service key", r"sk-[A-Za-z0-9_-]{20,255}|hf_[A-Za-z0-9]{30,60}"),
    ("telegram token", r"(?:bot)?[0-9]{8,10}:AA[A-Za-z0-9_-]{33}"),
    ("square token", r"sq0(?:atp|csp)-[A-Za-z0-9_-]{22,60}"),
    ("api key", r"lin_api_[A-Za-z0-9]{32,60}|PMAK-[0-9a-f]{24}-[0-9a-f]{34}|NRAK-[A-Z0-9]{27}"
     r"|glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}|glc_[A-Za-z0-9+/=]{32,400}|sntr[yu]s_[A-Za-z0-9+/=_-]{40,300}"
     r"|ATATT3[A-Za-z0-9_=-]{30,300}|dp\.(?:pt|st|ct|sa)\.[A-Za-z0-9.]{40,60}"
     r"|pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_=.-]{32,64}|secret_[A-Za-z0-9]{43}|ntn_[A-Za-z0-9]{40,60}"
     r"|sbp_[0-9a-f]{40}|rubygems_[0-9a-f]{48}|dckr_pat_[A-Za-z0-9_-]{27}|figd_[A-Za-z0-9_-]{40}"
     r"|AGE-SECRET-KEY-1[0-9A-Z]{58}"),
    ("json web token", r"eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{4,4000}(?:\.[A-Za-z0-9_-]{0,2000})?"),
    ("slack webhook", r"(?:https://)?hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/_-]{20,200}"),
    ("storage key", r"[A-Za-z0-9+/]{86}==(?![A-Za-z0-9=])"),
)  # fmt: skip
"""Kind and form of each."""
