# The packaged template, deployed as `cargo xtask deploy` deploys it, with a budget and an alarm topic around it.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  region = data.aws_region.current.id
  tags   = merge(var.tags, { "moniqo:deployment" = var.deployment })
}

# Above the 51,200 bytes that a request may carry. Named by its content: another template is another object.
resource "aws_s3_object" "template" {
  bucket       = var.artifacts_bucket
  key          = "${var.deployment}/${filesha256(var.packaged_template)}.template.json"
  source       = var.packaged_template
  source_hash  = filesha256(var.packaged_template)
  content_type = "application/json"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudformation_stack" "moniqo" {
  name = var.deployment
  # With the bucket in the path: emulators do not read it from the host.
  template_url = "https://s3.${local.region}.${data.aws_partition.current.dns_suffix}/${aws_s3_object.template.bucket}/${aws_s3_object.template.key}"
  capabilities = ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
  tags         = local.tags

  parameters = merge(var.parameters, {
    Deployment         = var.deployment
    Architecture       = var.architecture
    Egress             = var.egress
    AddressEcho        = var.address_echo
    AlarmTopicArn      = local.alarm_topic_arn
    LatencyAlarm       = var.latency_alarm ? "on" : "off"
    DeletionProtection = var.deletion_protection
    IamConditions      = var.iam_conditions
    LogRetentionDays   = var.log_retention_days
    LogLevel           = var.log_level
    Dashboard          = local.has_dashboard ? "on" : "off"
    OriginSecretSent   = local.has_dashboard ? sha256(var.dashboard_secrets[0]) : ""
    OriginSecretHashes = join(",", [for secret in var.dashboard_secrets : sha256(secret)])
    # AWS does not show it, and Terraform takes that for a change: where it is not needed, it is not there.
  }, local.has_dashboard ? { OriginSecret = var.dashboard_secrets[0] } : {})

  timeouts {
    create = "30m"
    update = "30m"
    delete = "30m"
  }
}

check "venues_answer_here" {
  assert {
    condition     = !startswith(local.region, "us-")
    error_message = "Binance answers 451 to addresses in the US: choose a region outside of it, such as eu-central-1, or trade elsewhere."
  }
}
