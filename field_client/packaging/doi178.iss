; The installer of the laptop's program: iscc doi178.iss, on Windows, after the folder was built beside it.
; It installs for one user and asks for no rights; the data lies elsewhere and stays when the program goes.
#define Folder "..\..\dist\Doi178-windows"
[Setup]
AppId={{8B1E6C5A-1780-4F5B-9B17-8D01780178D1}
AppName=Đội 178
AppVersion=0.1.0
AppPublisher=Đội 178
DefaultDirName={localappdata}\Doi178
DisableProgramGroupPage=yes
DisableDirPage=yes
PrivilegesRequired=lowest
OutputDir=..\..\dist
OutputBaseFilename=Doi178-cai-dat
Compression=lzma2
SolidCompression=yes
[Files]
Source: "{#Folder}\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion
[Icons]
Name: "{autodesktop}\Đội 178"; Filename: "{app}\Doi178.cmd"; WorkingDir: "{app}"; Flags: runminimized
Name: "{autoprograms}\Đội 178"; Filename: "{app}\Doi178.cmd"; WorkingDir: "{app}"; Flags: runminimized
[UninstallDelete]
Type: filesandordirs; Name: "{app}\programs"
Type: files; Name: "{app}\*.txt"
