using System.Globalization;
using Oss.Emulator.Listing;
using Oss.Emulator.Storage;

namespace Oss.Emulator.Tests.Listing;

/// <summary>Pages against what sorting everything would give.</summary>
public sealed class KeyPageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("oss-emulator-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Together_are_the_whole_list_whatever_their_size()
    {
        var segments = new SegmentFolder("b", Path.Combine(_folder, "segments"));
        var objects = new ObjectIndex("b", Path.Combine(_folder, "objects"), segments);
        string[] pieces = ["a", "b", "/", "文", "😀"];
        var keys = Enumerable.Range(0, 400)
            .Select(number => string.Concat(number.ToString("0000", CultureInfo.InvariantCulture).Select(digit => pieces[digit % pieces.Length])))
            .Where(key => key[0] != '/')
            .Distinct()
            .ToArray();
        foreach (var key in keys)
        {
            objects.Publish(new ObjectRecord { Key = key, ETag = "E", Type = "Normal", Size = 0, Crc64 = 0, LastModified = default, Headers = [], Segments = [] }, forbidOverwrite: false);
        }

        foreach (var prefix in (string[])["", "a", "a/", "文"])
        {
            foreach (var delimiter in (string[])["", "/", "b", "😀"])
            {
                var expected = keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
                    .Select(key => CommonPrefix.Of(key, prefix, delimiter) ?? key)
                    .Distinct()
                    .Order(Comparer<string>.Create(KeyOrder.Compare))
                    .ToArray();
                foreach (var size in (int[])[1, 2, 7, 1000])
                {
                    Assert.Equal(expected, All(objects, new ListParameters(prefix, delimiter, size, EncodesKeys: false)));
                }
            }
        }
    }

    private static List<string> All(ObjectIndex objects, ListParameters parameters)
    {
        var all = new List<string>();
        for (var after = ""; ;)
        {
            var page = KeyPage.Of(objects, parameters, after);
            all.AddRange(page.Objects.Select(record => record.Key).Concat(page.CommonPrefixes).Order(Comparer<string>.Create(KeyOrder.Compare)));
            if (!page.IsTruncated)
            {
                return all;
            }

            Assert.Equal(parameters.MaxKeys, page.Objects.Count + page.CommonPrefixes.Count);
            Assert.Equal(all[^1], page.Last);
            after = page.Last!;
        }
    }
}
