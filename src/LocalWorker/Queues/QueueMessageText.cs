using System.Diagnostics.CodeAnalysis;
using Azure.Storage.Queues.Models;
using LocalWorker.Hosting;

namespace LocalWorker.Queues;

/// <summary>From the text of a message on the wire to its body. The client is told of no encoding, so that a text that is not base64 is not lost.</summary>
internal static class QueueMessageText
{
    public static bool TryDecode(QueueMessage message, MessageEncoding encoding, [NotNullWhen(true)] out QueueMessage? decoded)
    {
        decoded = message;
        if (encoding == MessageEncoding.None)
        {
            return true;
        }

        try
        {
            decoded = QueuesModelFactory.QueueMessage(
                message.MessageId, message.PopReceipt, BinaryData.FromBytes(Convert.FromBase64String(message.Body.ToString())), message.DequeueCount,
                message.NextVisibleOn, message.InsertedOn, message.ExpiresOn);
            return true;
        }
        catch (FormatException)
        {
            decoded = null;
            return false;
        }
    }
}
