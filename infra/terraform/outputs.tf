output "stack_id" {
  description = "ARN of the CloudFormation stack."
  value       = aws_cloudformation_stack.moniqo.id
}

output "api_url" {
  description = "Where the API answers; routes begin with /api/v1."
  value       = aws_cloudformation_stack.moniqo.outputs["ApiUrl"]
}

output "webhook_url_base" {
  description = "Add /<user id>/<token> for TradingView's webhook URL."
  value       = aws_cloudformation_stack.moniqo.outputs["WebhookUrlBase"]
}

output "dashboard_url" {
  description = "Where the dashboard answers; null without one."
  value       = lookup(aws_cloudformation_stack.moniqo.outputs, "DashboardUrl", null)
}

output "stack_outputs" {
  description = "Every output of the template: tables, queues, key."
  value       = aws_cloudformation_stack.moniqo.outputs
}

output "alarm_topic_arn" {
  description = "The topic that alarms notify; subscribe other ways of being told to it."
  value       = local.alarm_topic_arn
}

output "egress_address" {
  description = "What venues see, for the address lists of their keys; shared where it is not fixed."
  value       = aws_cloudformation_stack.moniqo.outputs["EgressAddress"]
}
