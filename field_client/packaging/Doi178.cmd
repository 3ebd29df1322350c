@echo off
rem Starts the version that current.txt names; status 75 asks to start again with what it names by then.
rem A version that has never come up is taken back.
setlocal
set "DOI178_HOME=%~dp0"
if "%DOI178_HOME:~-1%"=="\" set "DOI178_HOME=%DOI178_HOME:~0,-1%"
set DOI178_START=icon
set BROWSER=
:start
set /p VERSION=<"%DOI178_HOME%\current.txt"
if exist "%DOI178_HOME%\programs\%VERSION%\doi178-field.exe" (
    "%DOI178_HOME%\programs\%VERSION%\doi178-field.exe" run %BROWSER% %*
) else (
    call "%DOI178_HOME%\programs\%VERSION%\doi178-field.cmd" run %BROWSER% %*
)
if %ERRORLEVEL%==75 (
    set BROWSER=--no-browser
    goto start
)
if %ERRORLEVEL%==0 exit /b 0
if exist "%DOI178_HOME%\programs\%VERSION%\started" exit /b 1
if not exist "%DOI178_HOME%\previous.txt" exit /b 1
move /y "%DOI178_HOME%\previous.txt" "%DOI178_HOME%\current.txt" >nul
goto start
