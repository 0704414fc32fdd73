using OssCallbackFunctions.BulkUploads;

namespace OssCallbackFunctions.Tests.BulkUploads.Sources;

public sealed class BlobContainerSettingsTests
{
    private const string ConnectionString = "DefaultEndpointsProtocol=https;AccountName=account;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net";

    [Theory]
    [InlineData("https://account.blob.core.windows.net/container", "", "")]
    [InlineData("https://account.blob.core.windows.net/container/", "", "")]
    [InlineData("https://account.blob.core.windows.net/container?sv=1&sig=x%2F", "", "")]
    [InlineData("https://account.blob.core.windows.net/$web", "", "")]
    [InlineData("", ConnectionString, "container")]
    public void Takes(string url, string connectionString, string container) =>
        Assert.Null(new BlobContainerSettings { Url = url, ConnectionString = connectionString, Container = container }.Refuse());

    [Theory]
    [InlineData("", "", "container", "Url")]
    [InlineData("https://account.blob.core.windows.net/container", ConnectionString, "container", "Url")]
    [InlineData("http://account.blob.core.windows.net/container", "", "", "Url")]
    [InlineData("https://account.blob.core.windows.net", "", "", "Url")]
    [InlineData("https://account.blob.core.windows.net/?sig=secret", "", "", "Url")]
    [InlineData("https://user:secret@account.blob.core.windows.net/container", "", "", "Url")]
    [InlineData("https://account.blob.core.windows.net/container#x", "", "", "Url")]
    [InlineData("account/container", "", "", "Url")]
    [InlineData("", ConnectionString, "", "Container")]
    [InlineData("", ConnectionString, "Container", "Container")]
    [InlineData("", "AccountKey=secret", "container", "ConnectionString")]
    public void Refuses_and_names_the_setting_but_not_its_value(string url, string connectionString, string container, string member)
    {
        var refused = new BlobContainerSettings { Url = url, ConnectionString = connectionString, Container = container }.Refuse()!.Value;
        Assert.Equal(member, refused.Member);
        Assert.DoesNotContain("secret", refused.Reason, StringComparison.Ordinal);
    }
}
