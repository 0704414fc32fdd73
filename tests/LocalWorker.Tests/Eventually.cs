namespace LocalWorker.Tests;

internal static class Eventually
{
    /// <summary>Asks again until the answer is not null.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T?>> ask)
        where T : class
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (await ask() is { } answer)
            {
                return answer;
            }

            await Task.Delay(50, patience.Token);
        }
    }
}
