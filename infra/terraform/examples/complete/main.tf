# A deployment with a fixed address for venues that want one, a budget and alarms by e-mail.

terraform {
  required_version = ">= 1.9, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.60, < 6.0"
    }
  }
}

provider "aws" {
  region = var.region
}

module "moniqo" {
  source = "../.."

  deployment         = var.deployment
  packaged_template  = var.packaged_template
  artifacts_bucket   = var.artifacts_bucket
  egress             = "nat-instance"
  alert_emails       = var.alert_emails
  monthly_budget_usd = 20
}
