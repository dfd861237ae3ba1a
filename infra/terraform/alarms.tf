# The template's alarms notify one topic. CloudWatch cannot publish to a topic under the key that AWS manages
# (`alias/aws/sns`): its policy is not ours to change. So it is a key of our own, or SNS's own encryption of its disks.

locals {
  makes_topic     = var.alarm_topic_arn == null
  encrypts_topic  = local.makes_topic && var.encrypt_alarm_topic
  alarm_topic_arn = local.makes_topic ? one(aws_sns_topic.alarms[*].arn) : var.alarm_topic_arn
}

resource "aws_sns_topic" "alarms" {
  count = local.makes_topic ? 1 : 0

  name              = "${var.deployment}-alarms"
  kms_master_key_id = one(aws_kms_key.alarms[*].arn)
  tags              = local.tags
}

resource "aws_sns_topic_policy" "alarms" {
  count = local.makes_topic ? 1 : 0

  arn    = one(aws_sns_topic.alarms[*].arn)
  policy = one(data.aws_iam_policy_document.alarm_topic[*].json)
}

data "aws_iam_policy_document" "alarm_topic" {
  count = local.makes_topic ? 1 : 0

  statement {
    sid       = "AlarmsOfThisDeployment"
    actions   = ["sns:Publish"]
    resources = [one(aws_sns_topic.alarms[*].arn)]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:${data.aws_partition.current.partition}:cloudwatch:${local.region}:${data.aws_caller_identity.current.account_id}:alarm:${var.deployment}-*"]
    }
  }
}

resource "aws_sns_topic_subscription" "email" {
  for_each = local.makes_topic ? toset(var.alert_emails) : []

  topic_arn = one(aws_sns_topic.alarms[*].arn)
  protocol  = "email"
  endpoint  = each.value
}

resource "aws_kms_key" "alarms" {
  count = local.encrypts_topic ? 1 : 0

  description             = "${var.deployment}: encrypts the alarm topic"
  enable_key_rotation     = true
  deletion_window_in_days = 7
  policy                  = one(data.aws_iam_policy_document.alarm_key[*].json)
  tags                    = local.tags
}

data "aws_iam_policy_document" "alarm_key" {
  count = local.encrypts_topic ? 1 : 0

  statement {
    sid       = "RightsAreGivenByRoles"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }

  statement {
    sid       = "AlarmsPublish"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}
