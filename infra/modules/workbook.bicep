metadata description = 'One page about the app in the portal, under Application Insights and the workspace: callbacks, the ledger, queues, bulk uploads.'

@description('Region.')
@minLength(1)
param location string

@description('Tags of every resource.')
param tags object

@description('Title of the page.')
@minLength(1)
param title string

@description('Resource id of the workspace.')
@minLength(1)
param workspaceId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'workbook')
  location: location
  tags: union(tags, { 'hidden-title': title })
  kind: 'shared'
  properties: {
    category: 'workbook'
    displayName: title
    sourceId: workspaceId
    version: '1.0'
    serializedData: replace(loadTextContent('workbook.json'), '<workspace>', workspaceId)
  }
}
