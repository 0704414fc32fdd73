using System.ComponentModel;

namespace LocalWorker.Functions;

/// <summary>Turns the text of a route value or of a property of a message into what a parameter wants.</summary>
internal static class BindingValue
{
    /// <exception cref="InvalidOperationException">The value is not of that type.</exception>
    public static object? Convert(string name, object? value, Type type)
    {
        if (value is null)
        {
            return type.IsValueType ? Activator.CreateInstance(type) : null;
        }

        if (type.IsInstanceOfType(value))
        {
            return value;
        }

        try
        {
            return TypeDescriptor.GetConverter(type).ConvertFrom(null, System.Globalization.CultureInfo.InvariantCulture, value);
        }
        catch (Exception e) when (e is FormatException or NotSupportedException or ArgumentException)
        {
            throw new InvalidOperationException($"The value of '{name}' is no {type.Name}.", e);
        }
    }
}
