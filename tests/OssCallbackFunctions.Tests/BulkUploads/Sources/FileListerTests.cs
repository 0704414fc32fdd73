using System.Diagnostics;
using OssCallbackFunctions.BulkUploads;

namespace OssCallbackFunctions.Tests.BulkUploads.Sources;

public sealed class FileListerTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("file-lister-").FullName;

    public void Dispose()
    {
        // By their bytes, where names are no text.
        using var shell = OperatingSystem.IsLinux() ? Process.Start("/bin/sh", ["-c", "rm -rf -- \"$0\"/*", _root]) : null;
        shell?.WaitForExit();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task Lists_all_files_by_the_ordinal_order_of_their_paths()
    {
        string[] paths =
        [
            "a", "a-b/x", "a.txt", "a/.hidden", "a/b/c/d", "a/b.txt", "a0", "Z", "图片/封面 1+2%.png", "😀/%2e%2e/🎉", ".git/config", " leading", "a b", "back\\slash",
        ];
        foreach (var path in paths.Where(path => path != "a"))
        {
            Write(path);
        }

        Directory.CreateDirectory(Path.Combine(_root, "empty", "folder"));
        var expected = paths.Where(path => path != "a").Order(StringComparer.Ordinal).ToArray();
        var listed = await ListAsync("");
        Assert.Equal(expected, listed.Select(entry => entry.Path));
        Assert.All(listed, entry => Assert.Equal(entry.Path, entry.Source.File));
    }

    [Fact]
    public async Task Goes_on_after_any_path_and_after_one_that_is_gone()
    {
        foreach (var path in (string[])["a-b/x", "a.txt", "a/b/c/d", "a/b.txt", "a0", "b/1", "b/2", "b/3/x", "b/3/y", "c"])
        {
            Write(path);
        }

        var all = (await ListAsync("")).Select(entry => entry.Path).ToArray();
        foreach (var entry in await ListAsync(""))
        {
            Assert.Equal(all.SkipWhile(path => path != entry.Path).Skip(1), (await ListAsync("", entry.Cursor)).Select(rest => rest.Path));
        }

        Assert.Equal(["b/3/x", "b/3/y", "c"], (await ListAsync("", "b/2x")).Select(entry => entry.Path));
        Assert.Equal(["b/3/y", "c"], (await ListAsync("", "b/3/x/gone")).Select(entry => entry.Path));
    }

    [Fact]
    public async Task Lists_a_folder_below_the_root_by_paths_relative_to_it()
    {
        Write("folder/a/1");
        Write("folder 2/b");
        foreach (var folder in (string[])["folder", "folder/"])
        {
            var entry = Assert.Single(await ListAsync(folder));
            Assert.Equal(("a/1", "folder/a/1"), (entry.Path, entry.Source.File));
        }
    }

    [Fact]
    public async Task Leaves_links_out_and_does_not_go_round_in_circles()
    {
        Write("a/file");
        File.CreateSymbolicLink(Path.Combine(_root, "a", "link"), Path.Combine(_root, "a", "file"));
        Directory.CreateSymbolicLink(Path.Combine(_root, "a", "circle"), _root);
        Directory.CreateSymbolicLink(Path.Combine(_root, "out"), Path.GetTempPath());
        Assert.Equal(["a/file"], (await ListAsync("")).Select(entry => entry.Path));
    }

    [Theory]
    [InlineData("missing", "source_not_found")]
    [InlineData("a/file", "source_not_found")]
    [InlineData("..", "source_not_allowed")]
    [InlineData("/etc", "source_not_allowed")]
    [InlineData("link", "source_not_allowed")]
    public async Task Refuses_a_folder_that_is(string folder, string code)
    {
        Write("a/file");
        Directory.CreateSymbolicLink(Path.Combine(_root, "link"), Path.GetTempPath());
        var refused = await Assert.ThrowsAsync<SourceException>(() => ListAsync(folder));
        Assert.Equal(code, refused.Code);
    }

    [Fact]
    public async Task Names_that_are_no_text_fail_by_themselves_and_not_the_listing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Names are bytes on Linux alone.");
        Write("a");
        Write("z");
        using (var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "mkdir \"$(printf 'd\\377')\"; : > \"$(printf 'd\\377/x')\"; : > \"$(printf 'f\\377')\""]) { WorkingDirectory = _root })!)
        {
            await shell.WaitForExitAsync();
        }

        var listed = await ListAsync("");
        Assert.Equal(["a", "d\uFFFD/", "f\uFFFD", "z"], listed.Select(entry => entry.Path));
        foreach (var entry in listed.Skip(1).SkipLast(1))
        {
            var refused = await Assert.ThrowsAsync<SourceException>(() => Some.Sources(_root).Find(entry.Source).ProbeAsync(default));
            Assert.Equal("source_not_found", refused.Code);
        }

        Assert.Equal(["f\uFFFD", "z"], (await ListAsync("", listed[1].Cursor)).Select(entry => entry.Path));
    }

    [Fact]
    public async Task A_folder_that_vanishes_while_it_is_listed_is_an_error_of_its_own()
    {
        Write("a");
        Write("b/c");
        Write("d");
        var listed = new List<string>();
        await foreach (var entry in Some.Sources(_root).FindLister(new BulkUploadSource { File = "" }).ListAsync(null, default))
        {
            listed.Add(entry.Path);
            if (entry.Path == "a")
            {
                Directory.Delete(Path.Combine(_root, "b"), recursive: true);
            }
        }

        Assert.Equal(["a", "b/", "d"], listed);
    }

    private void Write(string path)
    {
        var full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, path);
    }

    private async Task<List<ListedSource>> ListAsync(string folder, string? after = null)
    {
        var listed = new List<ListedSource>();
        await foreach (var entry in Some.Sources(_root).FindLister(new BulkUploadSource { File = folder }).ListAsync(after, default))
        {
            listed.Add(entry);
        }

        return listed;
    }
}
