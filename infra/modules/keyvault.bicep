metadata description = 'The vault with what must be secret, read by the app through references in its settings.'

@description('Name of the vault, unique in Azure.')
@minLength(3)
@maxLength(24)
param name string

@description('Region.')
@minLength(1)
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the app\'s identity, which is there already.')
@minLength(3)
@maxLength(128)
param identityName string

@description('Whether nobody can remove the vault or a secret before its retention is over. It cannot be turned off again.')
param purgeProtection bool

@description('Days that a removed vault or secret can be brought back.')
@minValue(7)
@maxValue(90)
param softDeleteDays int

@description('Names of the app settings whose values are in the vault.')
param settings string[]

@description('Values by the name of the setting. One that is missing or empty leaves the vault\'s as it is.')
@secure()
param values object

var secretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: softDeleteDays
    // False cannot be written once it was true, and is what is meant without it.
    enablePurgeProtection: purgeProtection ? true : null
  }
}

// Names of secrets are letters, digits and hyphens.
resource secrets 'Microsoft.KeyVault/vaults/secrets@2026-05-15' = [
  for setting in settings: if (!empty(values[?setting])) {
    parent: vault
    name: replace(setting, '_', '-')
    tags: tags
    properties: {
      value: values[?setting] ?? ''
      contentType: 'app setting ${setting}'
    }
  }
]

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, identity.id, secretsUser)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
  }
}

@description('Name of the vault.')
output name string = vault.name

@description('App settings that refer to the vault, by name; without a version, so that the app gets a new one within a day, or when it is restarted.')
output references object = toObject(
  settings,
  setting => setting,
  setting => '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/${replace(setting, '_', '-')})'
)
