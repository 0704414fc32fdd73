metadata description = 'The storage account of the host and the app: its queues, tables and containers, by identity alone.'

@description('Name of the storage account, unique in Azure.')
@minLength(3)
@maxLength(24)
param name string

@description('Region.')
@minLength(1)
param location string

@description('Tags of every resource.')
param tags object

@description('Copies that are kept: in one datacenter, in three zones, or in a second region too.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param sku string

@description('Name of the app\'s identity, which is there already.')
@minLength(3)
@maxLength(128)
param identityName string

// Messages that fail for good go to the queue of the same name and -poison; the host makes it, but then an alert or a look at the account knows of it only too late.
var triggerQueues = [
  'bulk-uploads'
  'bulk-upload-work'
  'bulk-upload-urgent-work'
  'upload-ledger'
  'removals'
  'webhook-deliveries'
]
var poisonQueues = [for queue in triggerQueues: '${queue}-poison']
var readByOthers = ['upload-events', 'webhook-deliveries-dead']
var queues = concat(triggerQueues, poisonQueues, readByOthers)
var tables = [
  'uploads'
  'uploadobjects'
  'webhookdeliveries'
  'deadletters'
  'idempotency'
  'usage'
  'bulkuploads'
  'bulkuploadindex'
]
// Each app has a package of its own, even when both are the same.
var deploymentContainer = 'deployments'
var callbacksDeploymentContainer = 'deployments-callbacks'
var containers = [deploymentContainer, callbacksDeploymentContainer, 'bulk-upload-reports']

// The host keeps its locks and the function keys in blobs, for which it wants to be owner; the app makes queues and tables that are missing.
var roles = {
  blobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  queueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  tableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource account 'Microsoft.Storage/storageAccounts@2026-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: sku
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2026-06-01' = {
  parent: account
  name: 'default'
}

resource blobContainers 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-06-01' = [
  for container in containers: {
    parent: blobService
    name: container
    properties: {
      publicAccess: 'None'
    }
  }
]

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2026-06-01' = {
  parent: account
  name: 'default'
}

resource storageQueues 'Microsoft.Storage/storageAccounts/queueServices/queues@2026-06-01' = [
  for queue in queues: {
    parent: queueService
    name: queue
  }
]

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2026-06-01' = {
  parent: account
  name: 'default'
}

resource storageTables 'Microsoft.Storage/storageAccounts/tableServices/tables@2026-06-01' = [
  for table in tables: {
    parent: tableService
    name: table
  }
]

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in items(roles): {
    scope: account
    name: guid(account.id, identity.id, role.value)
    properties: {
      principalId: identity.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.value)
    }
  }
]

@description('Name of the account.')
output name string = account.name

@description('URL of the container that the app\'s package is in.')
output deploymentContainerUrl string = '${account.properties.primaryEndpoints.blob}${deploymentContainer}'

@description('URL of the container that the package of the app for callbacks is in.')
output callbacksDeploymentContainerUrl string = '${account.properties.primaryEndpoints.blob}${callbacksDeploymentContainer}'
