# What the module makes of its variables, with an AWS that is made up: `terraform test` needs no account and no network.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_region" {
    defaults = { id = "eu-central-1", name = "eu-central-1" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }

  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:eu-central-1:123456789012:moniqo-alarms" }
  }

  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-central-1:123456789012:key/1" }
  }

  mock_resource "aws_cloudformation_stack" {
    defaults = { outputs = { ApiUrl = "https://api", WebhookUrlBase = "https://api/api/webhook", EgressAddress = "shared", DashboardBucketName = "moniqo-dashboard" } }
  }
}

variables {
  packaged_template = "tests/packaged.json"
  artifacts_bucket  = "moniqo-artifacts"
  alert_emails      = ["me@example.com", "you@example.com"]
}

run "safe_unless_told_otherwise" {
  assert {
    condition     = aws_cloudformation_stack.moniqo.parameters["DeletionProtection"] == "true" && aws_cloudformation_stack.moniqo.parameters["IamConditions"] == "true"
    error_message = "protection and conditions are on"
  }

  assert {
    condition     = aws_cloudformation_stack.moniqo.parameters["Egress"] == "shared"
    error_message = "the door that costs nothing"
  }

  assert {
    condition     = aws_cloudformation_stack.moniqo.parameters["AlarmTopicArn"] == aws_sns_topic.alarms[0].arn
    error_message = "alarms notify the topic that was made"
  }

  assert {
    condition     = aws_cloudformation_stack.moniqo.parameters["LatencyAlarm"] == "on"
    error_message = "each promise has an alarm"
  }

  assert {
    condition     = toset([for one in aws_sns_topic_subscription.email : one.endpoint]) == toset(var.alert_emails)
    error_message = "everyone hears of alarms"
  }

  assert {
    condition     = toset([for told in aws_budgets_budget.monthly[0].notification : told.threshold]) == toset([80, 100])
    error_message = "the budget tells at 80 and at 100 %"
  }

  assert {
    condition     = alltrue([for told in aws_budgets_budget.monthly[0].notification : toset(told.subscriber_email_addresses) == toset(var.alert_emails)])
    error_message = "everyone hears of the budget"
  }

  assert {
    condition     = aws_sns_topic.alarms[0].kms_master_key_id == null && length(aws_kms_key.alarms) == 0
    error_message = "no key that costs, and never the key that AWS manages"
  }

  assert {
    condition     = aws_cloudformation_stack.moniqo.template_url == "https://s3.eu-central-1.amazonaws.com/moniqo-artifacts/moniqo/${filesha256(var.packaged_template)}.template.json"
    error_message = "the template lies beside the code, named by its content"
  }
}

run "an_encrypted_topic_has_a_key_of_its_own" {
  variables {
    encrypt_alarm_topic = true
  }

  assert {
    condition     = aws_sns_topic.alarms[0].kms_master_key_id == aws_kms_key.alarms[0].arn
    error_message = "the key is ours: CloudWatch may use it"
  }
}

run "slow_answers_ring_nothing_where_that_is_said" {
  variables {
    latency_alarm = false
  }

  assert {
    condition     = aws_cloudformation_stack.moniqo.parameters["LatencyAlarm"] == "off"
    error_message = "off"
  }
}

run "a_topic_of_ones_own_is_used_as_it_is" {
  variables {
    alarm_topic_arn = "arn:aws:sns:eu-central-1:123456789012:mine"
  }

  assert {
    condition     = aws_cloudformation_stack.moniqo.parameters["AlarmTopicArn"] == "arn:aws:sns:eu-central-1:123456789012:mine"
    error_message = "alarms notify it"
  }

  assert {
    condition     = length(aws_sns_topic.alarms) + length(aws_sns_topic_policy.alarms) + length(aws_sns_topic_subscription.email) == 0
    error_message = "nothing is made beside it"
  }
}

run "no_budget_where_none_is_wanted" {
  variables {
    monthly_budget_usd = 0
    alert_emails       = []
  }

  assert {
    condition     = length(aws_budgets_budget.monthly) == 0
    error_message = "no budget"
  }
}

run "further_parameters_are_passed_on" {
  variables {
    egress     = "nat-gateway"
    parameters = { Later = "x" }
  }

  assert {
    condition     = aws_cloudformation_stack.moniqo.parameters["Later"] == "x" && aws_cloudformation_stack.moniqo.parameters["Egress"] == "nat-gateway"
    error_message = "both are passed on"
  }
}

run "the_united_states_are_warned_of" {
  command = plan

  override_data {
    target = data.aws_region.current
    values = { id = "us-east-1", name = "us-east-1" }
  }

  expect_failures = [check.venues_answer_here]
}

run "a_name_has_a_form" {
  command = plan

  variables {
    deployment = "Moniqo"
  }

  expect_failures = [var.deployment]
}

run "a_template_must_be_there" {
  command = plan

  variables {
    packaged_template = "tests/module.tftest.hcl"
  }

  expect_failures = [var.packaged_template]
}

run "a_bucket_is_named_without_a_scheme" {
  command = plan

  variables {
    artifacts_bucket = "s3://moniqo-artifacts"
  }

  expect_failures = [var.artifacts_bucket]
}

run "there_are_three_doors" {
  command = plan

  variables {
    egress = "vpn"
  }

  expect_failures = [var.egress]
}

run "a_budget_needs_someone_to_tell" {
  command = plan

  variables {
    alert_emails = []
  }

  expect_failures = [var.monthly_budget_usd]
}

run "an_email_looks_like_one" {
  command = plan

  variables {
    alert_emails = ["me"]
  }

  expect_failures = [var.alert_emails]
}

run "what_has_a_variable_is_set_by_it" {
  command = plan

  variables {
    parameters = { Egress = "shared" }
  }

  expect_failures = [var.parameters]
}

run "without_its_files_there_is_no_dashboard" {
  assert {
    condition     = nonsensitive(aws_cloudformation_stack.moniqo.parameters["Dashboard"]) == "off" && output.dashboard_url == null
    error_message = "off"
  }

  assert {
    condition     = length(aws_s3_object.dashboard_file) + length(aws_s3_object.dashboard_page) == 0
    error_message = "nothing is uploaded"
  }
}

run "the_dashboard_is_uploaded_and_the_first_secret_is_sent" {
  variables {
    dashboard_files   = "tests/dashboard"
    dashboard_secrets = ["the-first-secret-of-the-dashboard", "the-other-secret-of-the-dashboard"]
  }

  assert {
    condition     = nonsensitive(aws_cloudformation_stack.moniqo.parameters["Dashboard"]) == "on"
    error_message = "on"
  }

  assert {
    condition     = nonsensitive(aws_cloudformation_stack.moniqo.parameters["OriginSecret"] == var.dashboard_secrets[0])
    error_message = "the first is sent"
  }

  assert {
    condition     = nonsensitive(aws_cloudformation_stack.moniqo.parameters["OriginSecretHashes"]) == nonsensitive("${sha256(var.dashboard_secrets[0])},${sha256(var.dashboard_secrets[1])}")
    error_message = "both are believed"
  }

  assert {
    condition     = { for file in aws_s3_object.dashboard_file : file.key => file.cache_control } == { "assets/index-1.js" = "public, max-age=31536000, immutable", "icon.svg" = "no-cache" }
    error_message = "what has a hash in its name is kept for ever"
  }

  assert {
    condition     = aws_s3_object.dashboard_file["assets/index-1.js"].content_type == "text/javascript; charset=utf-8" && aws_s3_object.dashboard_page[0].cache_control == "no-store"
    error_message = "a script is a script, and the page is always asked for"
  }
}

run "a_dashboard_needs_a_secret" {
  command = plan

  variables {
    dashboard_files = "tests/dashboard"
  }

  expect_failures = [var.dashboard_secrets]
}
