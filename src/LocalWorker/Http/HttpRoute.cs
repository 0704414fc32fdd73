using LocalWorker.Functions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Azure.Functions.Worker;

namespace LocalWorker.Http;

/// <summary>The method, path and constraints that lead to one function.</summary>
internal sealed class HttpRoute
{
    private readonly string _path;
    private readonly string _literalStart;
    private readonly string[]? _methods;
    private readonly TemplateMatcher _matcher;
    private readonly Dictionary<string, IRouteConstraint[]> _constraints;

    /// <exception cref="InvalidOperationException">The route is malformed, or a parameter of the function is not in it.</exception>
    public HttpRoute(Function function, HttpTriggerAttribute trigger, string prefix, IInlineConstraintResolver constraints)
    {
        Function = function;
        Level = trigger.AuthLevel;
        _methods = trigger.Methods is { Length: > 0 } methods ? methods : null;
        _path = $"{prefix}/{(string.IsNullOrEmpty(trigger.Route) ? function.Name : trigger.Route.Trim('/'))}".Trim('/');
        try
        {
            Template = TemplateParser.Parse(_path);
            _constraints = Template.Parameters.ToDictionary(
                parameter => parameter.Name!,
                parameter => parameter.InlineConstraints.Select(inline => Resolve(inline.Constraint, parameter.IsOptional, constraints)).ToArray(),
                StringComparer.OrdinalIgnoreCase);
        }
        catch (Exception e) when (e is ArgumentException or RouteCreationException)
        {
            throw new InvalidOperationException($"Function '{function.Name}': the route '{_path}' is wrong: {e.Message}", e);
        }

        _matcher = new(Template, Defaults());
        _literalStart = LiteralStart();
        if (function.DataParameters.FirstOrDefault(parameter => !_constraints.ContainsKey(parameter.Name!)) is { } stranger)
        {
            throw new InvalidOperationException($"Function '{function.Name}': the parameter '{stranger.Name}' is not in the route '{_path}'.");
        }
    }

    public Function Function { get; }

    public AuthorizationLevel Level { get; }

    public RouteTemplate Template { get; }

    /// <summary>The template without what does not tell two routes apart: case and the names of parameters.</summary>
    public string Shape => string.Join('/', Template.Segments.Select(segment => string.Concat(segment.Parts.Select(part => part.IsParameter
        ? $"{{{(part.IsCatchAll ? "*" : "")}:{string.Join(':', part.InlineConstraints.Select(inline => inline.Constraint))}}}"
        : part.Text!.ToUpperInvariant()))));

    public bool Serves(string method) => _methods?.Contains(method, StringComparer.OrdinalIgnoreCase) ?? true;

    public bool SharesAMethodWith(HttpRoute other) => _methods is null || other._methods is null || _methods.Any(other.Serves);

    /// <returns>The route values; null if the path is another.</returns>
    public RouteValueDictionary? Match(HttpContext http)
    {
        if (!MayMatch(http.Request.Path.Value))
        {
            return null;
        }

        var values = new RouteValueDictionary();
        var matches = _matcher.TryMatch(http.Request.Path, values) && _constraints.All(parameter =>
            parameter.Value.All(constraint => constraint.Match(http, null, parameter.Key, values, RouteDirection.IncomingRequest)));
        return matches ? values : null;
    }

    // Most routes are told apart by their beginning, which costs less than taking the path to pieces.
    private bool MayMatch(string? path) =>
        path is not null && path.Length > _literalStart.Length && path.AsSpan(1).StartsWith(_literalStart, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => $"Http {(_methods is null ? "*" : string.Join(',', _methods).ToUpperInvariant())} {_path}";

    private static IRouteConstraint Resolve(string text, bool isOptional, IInlineConstraintResolver constraints)
    {
        var constraint = constraints.ResolveConstraint(text) ?? throw new ArgumentException($"there is no constraint '{text}'.");
        return isOptional ? new Microsoft.AspNetCore.Routing.Constraints.OptionalRouteConstraint(constraint) : constraint;
    }

    // The segments before the first with a parameter: those after it may be optional.
    private string LiteralStart() => string.Join('/', Template.Segments.TakeWhile(segment => segment.IsSimple && segment.Parts[0].IsLiteral).Select(segment => segment.Parts[0].Text));

    private RouteValueDictionary Defaults() => new(
        Template.Parameters.Where(parameter => parameter.DefaultValue is not null).ToDictionary(parameter => parameter.Name!, parameter => parameter.DefaultValue));
}
