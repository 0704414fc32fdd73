using System.Reflection;

namespace LocalWorker.Tests.PublicSurface;

/// <summary>Writes what an assembly offers as text, one line for each type and each member, with all that calling code depends on.</summary>
internal static class ApiText
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Dictionary<string, string> Keywords = new()
    {
        ["System.Boolean"] = "bool", ["System.Byte"] = "byte", ["System.Int32"] = "int", ["System.Object"] = "object",
        ["System.String"] = "string", ["System.Void"] = "void",
    };

    public static IEnumerable<string> Of(Assembly assembly) => assembly.GetExportedTypes().SelectMany(Of).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Of(Type type)
    {
        var name = type.FullName!;
        yield return $"{name}: {Kind(type)}";
        if (type.IsSubclassOf(typeof(Delegate)))
        {
            yield return $"{name}: {Signature(type.GetMethod("Invoke")!)}";
            yield break;
        }

        if (type.IsEnum)
        {
            foreach (var value in Enum.GetValuesAsUnderlyingType(type))
            {
                yield return $"{name}: {Enum.GetName(type, value)} = {value}";
            }

            yield break;
        }

        var members = type.GetConstructors(Declared).Where(IsVisible).Select(constructor => $"{type.Name}({Parameters(constructor)})")
            .Concat(type.GetProperties(Declared).Where(property => property.GetAccessors(true).Any(IsVisible)).Select(Property))
            .Concat(type.GetMethods(Declared).Where(method => IsVisible(method) && !method.IsSpecialName).Select(Signature))
            .Concat(type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily).Select(field => field.ToString()!))
            .Concat(type.GetEvents(Declared).Select(e => e.ToString()!));
        foreach (var member in members)
        {
            yield return $"{name}: {member}";
        }
    }

    private static string Kind(Type type)
    {
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            _ when type.IsSubclassOf(typeof(Delegate)) => "delegate",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        var parents = type.IsClass && !type.IsSubclassOf(typeof(Delegate))
            ? new[] { type.BaseType! }.Where(parent => parent != typeof(object)).Concat(type.GetInterfaces().Except(type.BaseType!.GetInterfaces()))
            : [];
        var usage = type.GetCustomAttribute<AttributeUsageAttribute>(inherit: false) is { } attribute ? $" for {attribute.ValidOn}" : "";
        return string.Join(" : ", new[] { kind, string.Join(", ", parents.Select(parent => parent.FullName)) }.Where(part => part.Length > 0)) + usage;
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Property(PropertyInfo property)
    {
        var accessors = property.GetAccessors(true).Where(IsVisible).Select(accessor => accessor.ReturnType == typeof(void) ? "set;" : "get;");
        return $"{Modifiers(property.GetAccessors(true)[0])}{Name(Nullability.Create(property))} {property.Name} {{ {string.Join(' ', accessors)} }}";
    }

    private static string Signature(MethodInfo method)
    {
        var generics = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";
        return $"{Modifiers(method)}{Name(Nullability.Create(method.ReturnParameter))} {method.Name}{generics}({Parameters(method)}){Constraints(method)}";
    }

    private static string Constraints(MethodInfo method) => string.Concat(method.GetGenericMethodDefinitionOrNull()?.GetGenericArguments()
        .Select(argument => (argument.Name, Limits: argument.GetGenericParameterConstraints().Select(limit => limit.FullName!)
            .Prepend(argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? "class" : "").Where(limit => limit.Length > 0)))
        .Where(argument => argument.Limits.Any())
        .Select(argument => $" where {argument.Name} : {string.Join(", ", argument.Limits)}") ?? []);

    private static MethodInfo? GetGenericMethodDefinitionOrNull(this MethodInfo method) => method.IsGenericMethod ? method.GetGenericMethodDefinition() : null;

    private static string Modifiers(MethodInfo method) => method switch
    {
        { DeclaringType.IsInterface: true } => "",
        { IsStatic: true } => "static ",
        { IsAbstract: true } => "abstract ",
        _ when method.GetBaseDefinition() != method => "override ",
        { IsVirtual: true, IsFinal: false } => "virtual ",
        _ => "",
    };

    private static string Parameters(MethodBase method)
    {
        var isExtension = method.IsDefined(typeof(System.Runtime.CompilerServices.ExtensionAttribute), inherit: false);
        return string.Join(", ", method.GetParameters().Select((parameter, index) =>
            (index == 0 && isExtension ? "this " : "")
            + (parameter.IsDefined(typeof(ParamArrayAttribute), inherit: false) ? "params " : "")
            + $"{Name(Nullability.Create(parameter))} {parameter.Name}"
            + (parameter.HasDefaultValue ? " = default" : "")));
    }

    private static string Name(NullabilityInfo info)
    {
        var type = info.Type;
        // Reflection does not tell T from T?.
        var suffix = info.ReadState == NullabilityState.Nullable && !type.IsGenericParameter ? "?" : "";
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return $"{Plain(value)}?";
        }

        if (type.IsArray)
        {
            return $"{Name(info.ElementType!)}[]{suffix}";
        }

        return type.IsGenericType
            ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", info.GenericTypeArguments.Select(Name))}>{suffix}"
            : $"{Plain(type)}{suffix}";
    }

    private static string Plain(Type type) => Keywords.GetValueOrDefault(type.FullName ?? "", type.Name);
}
