metadata description = 'Tells when the resource group is about to cost more in a month than was meant. It stops nothing.'

@description('Name of the budget.')
@minLength(1)
@maxLength(63)
param name string

@description('Cost of a month, in the currency of the subscription; 0: no budget.')
@minValue(0)
@maxValue(1000000)
param amount int

@description('First day of the month in which the budget began, such as 2026-01-01. It stays the same from then on.')
@maxLength(10)
param start string

@description('E-mail addresses that are told, besides the owners of the resource group.')
param emails string[]

resource budget 'Microsoft.Consumption/budgets@2024-08-01' = if (amount > 0) {
  name: name
  properties: {
    category: 'Cost'
    timeGrain: 'Monthly'
    amount: amount
    timePeriod: {
      startDate: start
    }
    notifications: {
      nearly: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: emails
        contactRoles: ['Owner']
      }
      forecast: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: emails
        contactRoles: ['Owner']
      }
    }
  }
}
