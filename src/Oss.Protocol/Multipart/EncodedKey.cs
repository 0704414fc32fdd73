using System.Xml.Linq;

namespace Oss.Protocol;

/// <summary>The Key element, percent-encoded when EncodingType says so: when it was asked for, and when XML cannot carry the key otherwise.</summary>
internal static class EncodedKey
{
    public static XElement? Type(string key, bool encode) => KeyEncoding.For(encode, [key]).Type;

    public static XElement Write(string key, bool encode) => KeyEncoding.For(encode, [key]).Element("Key", key);

    public static string Read(XElement root) => KeyEncoding.Of(root).Read(root, "Key");
}
