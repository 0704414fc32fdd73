using LocalWorker.Functions;
using LocalWorker.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Options;

namespace LocalWorker.Http;

/// <summary>All routes, the most exact first. A method that no route lists is no match: the host answers 404 there, not 405.</summary>
internal sealed class HttpRouteTable
{
    public HttpRouteTable(IReadOnlyList<Function> functions, HostJson host, IServiceProvider services)
    {
        var options = new RouteOptions();
        options.SetParameterPolicy<RegexInlineRouteConstraint>("regex");
        var constraints = new DefaultInlineConstraintResolver(Options.Create(options), services);
        All =
        [
            .. from function in functions
               where function.Trigger is HttpTriggerAttribute
               let route = new HttpRoute(TakesARequest(function), (HttpTriggerAttribute)function.Trigger, host.RoutePrefix, constraints)
               orderby RoutePrecedence.ComputeInbound(route.Template)
               select route,
        ];
        RefuseConflicts();
    }

    public IReadOnlyList<HttpRoute> All { get; }

    public (HttpRoute Route, RouteValueDictionary Values)? Match(HttpContext http)
    {
        foreach (var route in All)
        {
            if (route.Serves(http.Request.Method) && route.Match(http) is { } values)
            {
                return (route, values);
            }
        }

        return null;
    }

    private static Function TakesARequest(Function function) => function.TriggerParameter.ParameterType == typeof(HttpRequestData)
        ? function
        : throw new InvalidOperationException($"Function '{function.Name}': an HttpTrigger parameter must be of type HttpRequestData here.");

    private void RefuseConflicts()
    {
        foreach (var same in All.GroupBy(route => route.Shape))
        {
            foreach (var (first, second) in from first in same from second in same where first != second && first.SharesAMethodWith(second) select (first, second))
            {
                throw new InvalidOperationException(
                    $"The functions '{first.Function.Name}' and '{second.Function.Name}' have one route: {first} and {second}.");
            }
        }
    }
}
