using 'main.bicep'

// Nothing here is secret, and nothing of one's own: both come from the environment, or from `azd env set`.

var stage = readEnvironmentVariable('STAGE', 'dev')
var environment = readEnvironmentVariable('AZURE_ENV_NAME', stage)

var stages = {
  dev: {
    alwaysReadyHttp: 0
    appSettings: {}
    dailyQuotaGb: 1
    instanceMemoryMB: 512
    maximumInstanceCount: 10
    purgeProtection: false
    retentionDays: 30
    separateCallbacks: false
    softDeleteDays: 7
    storageSku: 'Standard_LRS'
    zoneRedundant: false
  }
  prod: {
    alwaysReadyHttp: 2
    // Without these whoever has a function key is lent as much as he asks for.
    appSettings: {
      Limits__CredentialsPerMinute: '600'
      Limits__BytesPerDay: '100000000000'
      Limits__OpenMultiparts: '100'
    }
    dailyQuotaGb: 10
    instanceMemoryMB: 2048
    maximumInstanceCount: 100
    purgeProtection: true
    retentionDays: 90
    separateCallbacks: true
    softDeleteDays: 90
    storageSku: 'Standard_ZRS'
    zoneRedundant: true
  }
}

param name = 'oss-${stage}'
param tags = {
  application: 'oss-callback-functions'
  stage: stage
  'azd-env-name': environment
}

param ossRegion = readEnvironmentVariable('OSS_REGION')
param ossBucket = readEnvironmentVariable('OSS_BUCKET')
param ossRoleArn = readEnvironmentVariable('OSS_ROLE_ARN', '')
param ossOidcProviderArn = readEnvironmentVariable('OSS_OIDC_PROVIDER_ARN', '')
param ossOidcAudience = readEnvironmentVariable('OSS_OIDC_AUDIENCE', '')
param publicBaseUrl = readEnvironmentVariable('PUBLIC_BASE_URL', '')

param secretValues = {
  Grants__Secret: readEnvironmentVariable('GRANTS_SECRET', '')
  OSS_ACCESS_KEY_ID: readEnvironmentVariable('OSS_ACCESS_KEY_ID', '')
  OSS_ACCESS_KEY_SECRET: readEnvironmentVariable('OSS_ACCESS_KEY_SECRET', '')
}

param appSettings = stages[stage].appSettings
param alwaysReadyHttp = stages[stage].alwaysReadyHttp
param instanceMemoryMB = stages[stage].instanceMemoryMB
param maximumInstanceCount = stages[stage].maximumInstanceCount
param separateCallbacks = stages[stage].separateCallbacks
param zoneRedundant = stages[stage].zoneRedundant
param storageSku = stages[stage].storageSku
param purgeProtection = stages[stage].purgeProtection
param softDeleteDays = stages[stage].softDeleteDays
param retentionDays = stages[stage].retentionDays
param dailyQuotaGb = stages[stage].dailyQuotaGb

param alertEmails = empty(readEnvironmentVariable('ALERT_EMAILS', ''))
  ? []
  : split(readEnvironmentVariable('ALERT_EMAILS', ''), ';')
param budgetAmount = int(readEnvironmentVariable('BUDGET_AMOUNT', '0'))
param budgetStart = readEnvironmentVariable('BUDGET_START', '')
