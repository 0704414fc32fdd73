using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Oss.Emulator.Access;

namespace Oss.Emulator.Sts;

/// <summary>Alibaba Cloud's Security Token Service, as far as it lends temporary keys. Source: RAM documentation, "AssumeRole", "AssumeRoleWithOIDC" (version 2015-04-01).</summary>
internal sealed partial class StsPipeline(KeyRing keys, TemporaryKeys temporaryKeys, RamPolicies policies, TimeProvider clock, ILogger logger)
{
    private const string Version = "2015-04-01";
    private const string AssumeRole = "AssumeRole";
    private const string AssumeRoleWithOidc = "AssumeRoleWithOIDC";

    // What STS has and the emulator has not.
    private static readonly HashSet<string> NotImplemented = new(StringComparer.Ordinal) { "AssumeRoleWithSAML", "GetCallerIdentity" };

    private readonly StsAuthentication _authentication = new(keys, clock);

    public async Task HandleAsync(HttpContext http)
    {
        var requestId = Guid.NewGuid().ToString().ToUpperInvariant();
        StsRequest? request = null;
        http.Response.Headers.Date = clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        try
        {
            request = await StsRequest.ReadAsync(http, http.RequestAborted);
            var reply = Answer(request, requestId);
            StsLog.Served(logger, StatusCodes.Status200OK, request.Action!, null, requestId);
            await StsReply.WriteAsync(http.Response, StatusCodes.Status200OK, reply, request.WantsJson, requestId);
        }
        catch (StsException e)
        {
            await RefuseAsync(http, e, request, requestId);
        }
        catch (Exception e) when (http.RequestAborted.IsCancellationRequested || e is BadHttpRequestException)
        {
            StsLog.Broken(logger, e.Message);
            http.Abort();
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            StsLog.Failed(logger, e);
            await RefuseAsync(http, StsRefusals.InternalError(), request, requestId);
        }
    }

    private Task RefuseAsync(HttpContext http, StsException refusal, StsRequest? request, string requestId)
    {
        var action = request?.Action is AssumeRole or AssumeRoleWithOidc ? request.Action : "another action";
        StsLog.Served(logger, refusal.HttpStatus, action, refusal.Code, requestId);
        if (request is null)
        {
            // What is left of the body is not waited for.
            http.Response.Headers.Connection = "close";
        }

        return StsReply.WriteAsync(
            http.Response, refusal.HttpStatus, StsReply.Error(refusal, requestId, http.Request.Host.Value ?? ""), request?.WantsJson ?? false, requestId);
    }

    private XElement Answer(StsRequest request, string requestId)
    {
        request.Check();
        if (string.IsNullOrEmpty(request.Action))
        {
            throw StsRefusals.Missing("Action");
        }

        if (string.IsNullOrEmpty(request.Version))
        {
            throw StsRefusals.Missing("Version");
        }

        if (request.Version != Version)
        {
            throw StsRefusals.Invalid("Version");
        }

        return request.Action switch
        {
            AssumeRole => Lend(request, requestId, AsSigner(request)),
            AssumeRoleWithOidc => Lend(request, requestId, ByOidc(request)),
            var action when NotImplemented.Contains(action) => throw StsRefusals.NotImplemented($"The emulator does not implement {action}."),
            _ => throw StsRefusals.UnknownAction(),
        };
    }

    // A role is assumed by whoever has the right to, on that role.
    private (RoleRequest Role, XElement[] Content) AsSigner(StsRequest request)
    {
        var rights = _authentication.Identify(request);
        var role = RoleRequest.Parse(request);
        var context = PolicyContext.Of(request.Http, AssumeRole, name => request[name], request.Header, clock.GetUtcNow());
        return rights.Allows("sts:" + AssumeRole, role.RoleArn, context) ? (role, []) : throw StsRefusals.NoPermission();
    }

    private (RoleRequest Role, XElement[] Content) ByOidc(StsRequest request)
    {
        if (!Provider().IsMatch(request.Required("OIDCProviderArn")))
        {
            throw StsRefusals.WronglyFormed("OIDCProviderArn");
        }

        var token = OidcToken.Parse(request.Required("OIDCToken"), clock.GetUtcNow());
        return (RoleRequest.Parse(request),
        [
            new XElement("OIDCTokenInfo", StsReply.Element("Subject", token.Subject), StsReply.Element("Issuer", token.Issuer), StsReply.Element("ClientIds", token.ClientIds)),
        ]);
    }

    private XElement Lend(StsRequest request, string requestId, (RoleRequest Role, XElement[] Content) lent)
    {
        var (role, content) = lent;
        if (!policies.HasRole(role.RoleArn))
        {
            throw StsRefusals.NoSuchRole();
        }

        var credentials = temporaryKeys.Issue(role.RoleArn, role.SessionName, role.Duration, role.PolicyJson, clock.GetUtcNow());
        return StsReply.Success(
            request.Action!, requestId,
            [
                new XElement("AssumedRoleUser", new XElement("Arn", role.Arn), new XElement("AssumedRoleId", role.Id)),
                new XElement(
                    "Credentials",
                    new XElement("SecurityToken", credentials.SecurityToken),
                    new XElement("AccessKeyId", credentials.AccessKeyId),
                    new XElement("AccessKeySecret", credentials.AccessKeySecret),
                    new XElement("Expiration", credentials.Expiration.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))),
                .. content,
            ]);
    }

    [GeneratedRegex(@"^acs:ram::[0-9]+:oidc-provider/[A-Za-z0-9._-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Provider();
}
