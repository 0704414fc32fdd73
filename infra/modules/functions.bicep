metadata description = 'A function app on a Flex Consumption plan of its own, with its settings.'

// Flex Consumption scales by function, not by app: all HTTP functions of an app together, and each queue's function by itself. So requests never wait for bulk work, nor the ledger
// for webhooks. What must not wait for other requests either is an app of its own, with the same package.

@description('Name of the app, unique in Azure, and of its plan.')
@minLength(2)
@maxLength(60)
param name string

@description('Region.')
@minLength(1)
param location string

@description('Tags of every resource.')
param tags object

@description('Service of azure.yaml whose package is deployed to this app.')
@minLength(1)
param serviceName string

@description('Name of the app\'s identity, which is there already.')
@minLength(3)
@maxLength(128)
param identityName string

@description('Name of the storage account.')
@minLength(3)
@maxLength(24)
param storageName string

@description('URL of the container that the package is in.')
@minLength(1)
param deploymentContainerUrl string

@description('Name of Application Insights.')
@minLength(1)
param insightsName string

@description('Settings of the app; they go before those of the host.')
param settings object

@description('How OSS reaches callbacks. Empty: by this app\'s own host name.')
param publicBaseUrl string = ''

@description('Whether OSS calls this app where publicBaseUrl does not answer.')
param isFallback bool = false

@description('Functions that do not run here.')
param disabledFunctions string[] = []

@description('Memory of an instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@description('Instances that may run at a time, of each group or function.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int

@description('Instances that always run for HTTP requests, so that none waits for a start; 0: none, and then nothing is paid for while nothing happens.')
@minValue(0)
@maxValue(1000)
param alwaysReadyHttp int

@description('Requests that an instance answers at a time, before another is started.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int

@description('Whether instances are spread over the region\'s zones.')
param zoneRedundant bool

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': serviceName })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identity.id
    siteConfig: {
      ftpsState: 'Disabled'
      http20Enabled: true
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
    }
    functionAppConfig: {
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyHttp > 0
          ? [
              {
                name: 'http'
                instanceCount: alwaysReadyHttp
              }
            ]
          : []
        triggers: {
          http: {
            perInstanceConcurrency: httpConcurrency
          }
        }
      }
    }
  }
}

// Deployment is by identity; a password for it is one more to lose.
resource ftpPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource scmPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

resource appSettings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: union(
    {
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
      APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
      // Which identity the Azure libraries use where nothing names one, as for containers that bulk uploads are read from.
      AZURE_CLIENT_ID: identity.properties.clientId
      AzureWebJobsStorage__accountName: storageName
      AzureWebJobsStorage__clientId: identity.properties.clientId
      AzureWebJobsStorage__credential: 'managedidentity'
      Callbacks__PublicBaseUrl: empty(publicBaseUrl) ? 'https://${app.properties.defaultHostName}' : publicBaseUrl
    },
    isFallback ? { Callbacks__FallbackBaseUrls: 'https://${app.properties.defaultHostName}' } : {},
    toObject(disabledFunctions, function => 'AzureWebJobs.${function}.Disabled', function => 'true'),
    settings
  )
}

@description('Name of the app.')
output name string = app.name

@description('URL of the app.')
output url string = 'https://${app.properties.defaultHostName}'
