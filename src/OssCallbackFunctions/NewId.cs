namespace OssCallbackFunctions;

/// <summary>Makes ids that nobody else makes: 32 hex digits.</summary>
public delegate string NewId();

/// <summary>Gives numbers from 0 to 1, so that what failed together is not tried again together.</summary>
public delegate double Jitter();
