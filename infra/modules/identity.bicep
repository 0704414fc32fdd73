metadata description = 'The identity that the app is known by: to the storage account, the key vault, Application Insights and, by its token, to Alibaba Cloud.'

@description('Name of the user-assigned identity.')
@minLength(3)
@maxLength(128)
param name string

@description('Region.')
@minLength(1)
param location string

@description('Tags of every resource.')
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Client id: which of an app\'s identities to use.')
output clientId string = identity.properties.clientId

@description('Object id: who roles are assigned to, and the subject of the identity\'s tokens.')
output principalId string = identity.properties.principalId
