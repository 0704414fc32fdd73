using System.Text.Json;
using System.Text.Json.Serialization;

namespace Oss.Protocol;

[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
internal sealed partial class CallbackJson : JsonSerializerContext;
