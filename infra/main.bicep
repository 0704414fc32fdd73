metadata description = 'Everything on the Azure side, in one resource group. See README.md beside this file.'

targetScope = 'resourceGroup'

@description('Beginning of the resources\' names, such as oss-dev: lower case letters, digits and hyphens.')
@minLength(2)
@maxLength(16)
param name string

@description('Region, one that has Flex Consumption.')
@minLength(1)
param location string = resourceGroup().location

@description('Tags of every resource.')
param tags object = {}

@description('Region id of the bucket, such as cn-hangzhou.')
@minLength(4)
@maxLength(40)
param ossRegion string

@description('Endpoint of the bucket\'s region, without the bucket. Uploaders reach it too, so it is not the internal one.')
@minLength(1)
param ossEndpoint string = 'https://oss-${ossRegion}.aliyuncs.com'

@description('Bucket that everything is uploaded to.')
@minLength(3)
@maxLength(63)
param ossBucket string

@description('RAM role whose temporary keys sign. Empty: the AccessKey itself, whose id and secret are in the key vault.')
param ossRoleArn string = ''

@description('OIDC provider of the Alibaba Cloud account that knows the Entra tenant; with ossOidcAudience.')
param ossOidcProviderArn string = ''

@description('Whom the identity\'s token is for, such as api://<app id>: the role is had for the token, and there is no AccessKey. Empty: the role, if any, is assumed with the AccessKey.')
param ossOidcAudience string = ''

@description('Endpoint of STS, such as sts.cn-hangzhou.aliyuncs.com. Empty: that of ossRegion.')
param ossStsEndpoint string = ''

@description('What the role\'s sessions are called in OSS\'s logs.')
@minLength(2)
@maxLength(64)
param ossRoleSessionName string = 'oss-callback-functions'

@description('How OSS reaches the app, where a gateway or a domain of one\'s own is before it (before the one for callbacks, with separateCallbacks). Empty: the app\'s own host name.')
param publicBaseUrl string = ''

@description('Further app settings, and others for those that are here, as in the app\'s README: Uploads__Lifetime, Callers__web__KeySha256 ... No secrets.')
param appSettings object = {}

@description('Names of further app settings whose values are in the key vault, such as Webhooks__main__Secret.')
param secretSettings string[] = []

@description('Values for the key vault by the name of the setting: Grants__Secret ... One that is missing or empty leaves the vault\'s as it is, so only a first deployment needs it.')
@secure()
param secretValues object

@description('Memory of an instance in MB. A part of a bulk upload is in memory while it is sent.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Instances that may run at a time, for HTTP and for each queue.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 100

@description('Instances that always run for HTTP, so that no callback waits for a start: OSS gives up after 5 seconds. 0: none; the ledger then finds what such a callback would have told.')
@minValue(0)
@maxValue(20)
param alwaysReadyHttp int = 0

@description('Requests that an instance answers at a time.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int = 32

@description('Whether callbacks have an app of their own, whose instances answer nothing else, so that they wait for no other request; OSS calls the first app where it does not answer. Without, the request for a credential starts the instance that the callback finds.')
param separateCallbacks bool = false

@description('Whether the app\'s instances are spread over the region\'s zones.')
param zoneRedundant bool = false

@description('Copies that the storage account keeps.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_LRS'

@description('Whether the key vault and its secrets cannot be removed for good before softDeleteDays are over. It cannot be turned off again.')
param purgeProtection bool = true

@description('Days that a removed key vault or secret can be brought back.')
@minValue(7)
@maxValue(90)
param softDeleteDays int = 90

@description('Days that telemetry is kept.')
@minValue(30)
@maxValue(730)
param retentionDays int = 30

@description('GB of telemetry a day after which no more is taken, alerts go blind, and nothing more is paid for; -1: no limit.')
@minValue(-1)
@maxValue(1000)
param dailyQuotaGb int = 5

@description('E-mail addresses that alerts and the budget go to.')
param alertEmails string[] = []

@description('Callbacks of one reason that are refused in 15 minutes, beyond which there is an alert.')
@minValue(0)
@maxValue(1000000)
param refusalsBeforeAlert int = 20

@description('Cost of a month that there is a warning for, in the currency of the subscription; 0: no budget.')
@minValue(0)
@maxValue(1000000)
param budgetAmount int = 0

@description('First day of the month in which the budget began, such as 2026-01-01; with budgetAmount.')
@maxLength(10)
param budgetStart string = ''

var suffix = uniqueString(resourceGroup().id, name)
var unique = '${name}-${suffix}'
var short = take('${replace(name, '-', '')}${suffix}', 24)
var isKeyless = !empty(ossOidcAudience)
var vaultSettings = union(
  ['Grants__Secret'],
  isKeyless ? [] : ['OSS_ACCESS_KEY_ID', 'OSS_ACCESS_KEY_SECRET'],
  secretSettings
)

module identity 'modules/identity.bicep' = {
  name: 'identity'
  params: {
    name: unique
    location: location
    tags: tags
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  params: {
    name: short
    location: location
    tags: tags
    sku: storageSku
    identityName: unique
  }
  dependsOn: [identity]
}

module keyvault 'modules/keyvault.bicep' = {
  name: 'keyvault'
  params: {
    name: short
    location: location
    tags: tags
    identityName: unique
    purgeProtection: purgeProtection
    softDeleteDays: softDeleteDays
    settings: vaultSettings
    values: secretValues
  }
  dependsOn: [identity]
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: {
    name: unique
    location: location
    tags: tags
    identityName: unique
    retentionDays: retentionDays
    dailyQuotaGb: dailyQuotaGb
  }
  dependsOn: [identity]
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  params: {
    location: location
    tags: tags
    name: name
    workspaceId: monitoring.outputs.workspaceId
    emails: alertEmails
    refusals: refusalsBeforeAlert
  }
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook'
  params: {
    location: location
    tags: tags
    title: '${name}: uploads to OSS'
    workspaceId: monitoring.outputs.workspaceId
  }
}

module budget 'modules/budget.bicep' = {
  name: 'budget'
  params: {
    name: name
    amount: budgetAmount
    start: budgetStart
    emails: alertEmails
  }
}

var settings = union(
  {
    Oss__Bucket: ossBucket
    Oss__Endpoint: ossEndpoint
    Oss__Region: ossRegion
  },
  isKeyless
    ? {
        Oss__OidcAudience: ossOidcAudience
        Oss__OidcClientId: identity.outputs.clientId
        Oss__OidcProviderArn: ossOidcProviderArn
      }
    : {},
  empty(ossRoleArn) ? {} : { Oss__RoleArn: ossRoleArn, Oss__RoleSessionName: ossRoleSessionName },
  !empty(ossRoleArn) && !empty(ossStsEndpoint) ? { Oss__StsEndpoint: ossStsEndpoint } : {},
  keyvault.outputs.references,
  appSettings
)

module callbacks 'modules/functions.bicep' = if (separateCallbacks) {
  name: 'callbacks'
  params: {
    name: '${name}-callbacks-${suffix}'
    location: location
    tags: tags
    serviceName: 'callbacks'
    identityName: unique
    storageName: storage.outputs.name
    deploymentContainerUrl: storage.outputs.callbacksDeploymentContainerUrl
    insightsName: unique
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyHttp: alwaysReadyHttp
    httpConcurrency: httpConcurrency
    zoneRedundant: zoneRedundant
    publicBaseUrl: publicBaseUrl
    disabledFunctions: loadJsonContent('modules/other-functions.json')
    settings: settings
  }
  dependsOn: [monitoring]
}

module app 'modules/functions.bicep' = {
  name: 'app'
  params: {
    name: unique
    location: location
    tags: tags
    serviceName: 'app'
    identityName: unique
    storageName: storage.outputs.name
    deploymentContainerUrl: storage.outputs.deploymentContainerUrl
    insightsName: unique
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyHttp: separateCallbacks ? 0 : alwaysReadyHttp
    httpConcurrency: httpConcurrency
    zoneRedundant: zoneRedundant
    publicBaseUrl: empty(publicBaseUrl) ? callbacks.?outputs.url ?? '' : publicBaseUrl
    isFallback: separateCallbacks && empty(publicBaseUrl)
    settings: settings
  }
  dependsOn: [monitoring]
}

@description('Name of the function app.')
output APP_NAME string = app.outputs.name

@description('Name of the function app that callbacks go to: the same without separateCallbacks.')
output CALLBACKS_APP_NAME string = callbacks.?outputs.name ?? app.outputs.name

@description('URL of the function app.')
output APP_URL string = app.outputs.url

@description('Object id of the app\'s identity: the subject (sub) that the RAM role\'s trust policy names.')
output IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId

@description('Client id of the app\'s identity.')
output IDENTITY_CLIENT_ID string = identity.outputs.clientId

@description('Name of the key vault.')
output KEY_VAULT_NAME string = keyvault.outputs.name

@description('Name of the storage account.')
output STORAGE_ACCOUNT_NAME string = storage.outputs.name
