metadata description = 'What somebody has to be told of, from the app\'s own metrics: the platform\'s length of a queue is of the whole account and a day old.'

@description('Region.')
@minLength(1)
param location string

@description('Tags of every resource.')
param tags object

@description('Beginning of the alerts\' names.')
@minLength(1)
param name string

@description('Resource id of the workspace.')
@minLength(1)
param workspaceId string

@description('E-mail addresses that alerts go to; none: they show in the portal only.')
param emails string[]

@description('Callbacks of one reason that are refused in 15 minutes, beyond which somebody is told. Anybody can call the callback\'s URL, so some are usual.')
@minValue(0)
@maxValue(1000000)
param refusals int

// Each query gives one row with a Value, or one for each value of the dimension; the alert is raised when it is more than the threshold.
var alerts = [
  {
    name: 'dead-letters'
    title: 'Messages failed for good'
    text: 'A job, an entry of the ledger, a removal or a delivery failed again and again, and is a dead letter: GET /api/dead-letters says why, and can send it back.'
    severity: 2
    dimension: 'Queue'
    threshold: 0
    query: '''
AppMetrics
| where Name == 'dead.letters'
| summarize Value = sum(Sum) by Queue = tostring(Properties['queue'])
'''
  }
  {
    name: 'poison-queues'
    title: 'Messages stay on a poison queue'
    text: 'What is on a poison queue becomes a dead letter within minutes, unless the app does not run or the message is not base64. Deliveries that were given up stay on webhook-deliveries-dead.'
    severity: 2
    dimension: 'Queue'
    threshold: 0
    query: '''
AppMetrics
| where Name == 'oss_callback_functions.queue.messages'
| extend Queue = tostring(Properties['queue'])
| where Queue endswith '-poison' or Queue endswith '-dead'
| summarize arg_max(TimeGenerated, Max) by Queue
| project Queue, Value = Max
'''
  }
  {
    name: 'callback-refusals'
    title: 'Callbacks are refused'
    text: 'Callbacks were refused, or failed, for the reason that is named. Signatures or grants that are refused: somebody tries, or Grants__Secret is not the same everywhere. Objects that differ: somebody overwrites.'
    severity: 2
    dimension: 'Outcome'
    threshold: refusals
    query: '''
AppMetrics
| where Name == 'upload.callbacks'
| extend Outcome = tostring(Properties['outcome'])
| where Outcome !in ('verified', 'pending')
| summarize Value = sum(Sum) by Outcome
'''
  }
  {
    name: 'callback-p99'
    title: 'Callbacks are answered late'
    text: 'One callback in a hundred took more than 3 s, and OSS waits 5: the uploader is told of a failure although the object is there. More always ready instances, or OSS answers HeadObject slowly.'
    severity: 1
    dimension: ''
    threshold: 3
    // Of requests, since a histogram is kept as sum, least and most; what the host adds counts for OSS as well. Of fewer than 10, one is the slowest hundredth.
    query: '''
AppRequests
| where Name == 'UploadCallback' or tostring(Properties['faas.name']) == 'UploadCallback'
| summarize P99 = percentilew(DurationMs, ItemCount, 99), Requests = sum(ItemCount)
| where Requests >= 10
| project Value = P99 / 1000
'''
  }
  {
    name: 'unhealed-grants'
    title: 'Grants are not settled'
    text: 'Entries of the ledger wait for more than 2 minutes: uploads whose callback was lost are not told of. The function UploadLedger does not run, or fails. What OSS does not answer for is put off, and counted in upload.ledger.settlements.'
    severity: 1
    dimension: ''
    threshold: 0
    query: '''
AppMetrics
| where Name == 'oss_callback_functions.ledger.overdue'
| summarize arg_max(TimeGenerated, Max)
| project Value = Max
'''
  }
  {
    name: 'stalled-jobs'
    title: 'Bulk uploads do not move'
    text: 'Jobs that are running have made no progress for 15 minutes: GET /api/bulk-uploads?state=running names them.'
    severity: 2
    dimension: ''
    threshold: 0
    query: '''
AppMetrics
| where Name == 'oss_callback_functions.bulk.jobs.stalled'
| summarize arg_max(TimeGenerated, Max)
| project Value = Max
'''
  }
]

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(emails)) {
  name: name
  location: 'global'
  tags: tags
  properties: {
    groupShortName: take(name, 12)
    enabled: true
    emailReceivers: [
      for email in emails: {
        name: email
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource rules 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for alert in alerts: {
    name: '${name}-${alert.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: alert.title
      description: alert.text
      severity: alert.severity
      enabled: true
      autoMitigate: true
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      scopes: [workspaceId]
      criteria: {
        allOf: [
          {
            query: alert.query
            metricMeasureColumn: 'Value'
            timeAggregation: 'Maximum'
            operator: 'GreaterThan'
            threshold: alert.threshold
            dimensions: empty(alert.dimension)
              ? []
              : [
                  {
                    name: alert.dimension
                    operator: 'Include'
                    values: ['*']
                  }
                ]
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: empty(emails) ? [] : [group.id]
      }
    }
  }
]
