using System.Xml;

namespace Oss.Protocol.Tests.Objects;

public sealed class ObjectXmlTests
{
    private static readonly DateTimeOffset Time = new(2025, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    [Fact]
    public void A_list_to_delete_reads_as_it_was_written()
    {
        var list = new DeleteMultipleObjects(true, [("a", null), (" ", null), ("line\nfeed", null), ("carriage\rreturn", null), ("<&>\"'", "v1"), ("中文/😀", "null")]);

        var read = DeleteMultipleObjects.Parse(list.ToXml());

        Assert.True(read.Quiet);
        Assert.Equal(list.Objects, read.Objects);
    }

    [Theory]
    [InlineData("<Delete><Object><Key>a&#01;b&#13;c</Key></Object></Delete>", "a\u0001b\rc")]
    [InlineData("<Delete>\n  <Quiet> false </Quiet>\n  <Object>\n    <Key>  a </Key>\n  </Object>\n</Delete>", "  a ")]
    [InlineData("<?xml version=\"1.0\"?><Delete xmlns=\"http://doc.oss-cn-hangzhou.aliyuncs.com\"><Object><Key><![CDATA[a & b]]></Key></Object></Delete>", "a & b")]
    public void Reads_the_lists_that_clients_write(string xml, string key)
    {
        var list = DeleteMultipleObjects.Parse(xml);

        Assert.False(list.Quiet);
        Assert.Equal([(key, (string?)null)], list.Objects);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_deleted_reads_as_it_was_written(bool encodes)
    {
        DeletedObject[] deleted = [new("a b/c"), new(" "), new("\r"), new("v", VersionId: "1"), new("m", MarkerVersionId: "2")];

        var xml = new DeleteResult(deleted).ToXml(encodes);

        Assert.Equal(deleted, DeleteResult.Parse(xml).Deleted);
        Assert.Equal(encodes, xml.Contains("<EncodingType>url</EncodingType>", StringComparison.Ordinal));
        Assert.Contains("<DeleteMarker>true</DeleteMarker>", xml, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_XML_can_not_carry_are_encoded_unasked()
    {
        var xml = new DeleteResult([new("a"), new("\u0001")]).ToXml(encodeKeys: false);

        Assert.Equal(["a", "\u0001"], DeleteResult.Parse(xml).Deleted.Select(item => item.Key));
        Assert.Contains("<EncodingType>url</EncodingType>", xml, StringComparison.Ordinal);
    }

    [Fact]
    public void A_copy_reads_as_it_was_written_in_whole_seconds()
    {
        var copy = new CopyResult("\"E\"", Time);

        Assert.Contains("<CopyObjectResult>", copy.ToObjectXml(), StringComparison.Ordinal);
        Assert.Contains("<CopyPartResult>", copy.ToPartXml(), StringComparison.Ordinal);
        Assert.Contains("<LastModified>2025-01-02T03:04:05.000Z</LastModified>", copy.ToObjectXml(), StringComparison.Ordinal);
        Assert.Equal(copy with { LastModified = Time.AddMilliseconds(-678) }, CopyResult.ParseObject(copy.ToObjectXml()));
        Assert.Equal(copy with { LastModified = Time.AddMilliseconds(-678) }, CopyResult.ParsePart(copy.ToPartXml()));
        Assert.Throws<XmlException>(() => CopyResult.ParsePart(copy.ToObjectXml()));
    }

    [Fact]
    public void Tags_read_as_they_were_written()
    {
        KeyValuePair<string, string>[] tags = [new("a", "1"), new(" ", ""), new("a.b:c/d", " x ")];

        Assert.Equal(tags, Tagging.Parse(new Tagging(tags).ToXml()).Tags);
        Assert.Empty(Tagging.Parse(new Tagging([]).ToXml()).Tags);
        Assert.Equal([new("k", "")], Tagging.Parse("<Tagging><TagSet><Tag><Key>k</Key></Tag></TagSet></Tagging>").Tags);
        Assert.Throws<XmlException>(() => Tagging.Parse("<Tagging/>"));
    }

    [Fact]
    public void An_ACL_reads_as_it_was_written()
    {
        var acl = new AccessControlPolicy("1234567890123456", "public-read");

        Assert.Equal(acl, AccessControlPolicy.Parse(acl.ToXml()));
        Assert.Throws<XmlException>(() => AccessControlPolicy.Parse("<AccessControlPolicy><Owner><ID>1</ID></Owner></AccessControlPolicy>"));
        Assert.Throws<XmlException>(() => AccessControlPolicy.Parse("<AccessControlPolicy/>"));
    }
}
